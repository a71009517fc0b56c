"""One session while its entries are applied, and how an edit enters it: three-way, against what it was written on."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from memcli.branch import COMMITS, READS, SESSION_DIRECTORY
from memcli.core.session.code_commits import commits_noted, with_commits
from memcli.core.session.commit_message import commit_message, session_trailers
from memcli.core.session.state import Session
from memcli.core.session.verbs import READ, RECORDS
from memcli.errors import Failure
from memcli.state.journal import Entry, FileEdit
from memcli.state.oplog import Change, Operation
from memcli.store import merge_texts, parse_memory, path_for
from memcli.workspace import Workspace


@dataclass
class Line:
    """The commits built so far, none of them published yet; `old_tip` is None for a session that begins here."""

    session: Session
    old_tip: str | None
    tree: str
    operations: list[Operation] = field(default_factory=list)


def apply(workspace: Workspace, line: Line, entry: Entry) -> tuple[Change, ...]:
    """Put an entry's files (or what it records) into the line's tree; what that changed. Raises Conflict."""
    if entry.verb in RECORDS:
        line.tree = _with_record(workspace, line.tree, entry)
        return ()
    return tuple(change for edit in entry.edits for change in _apply_edit(workspace, line, edit))


def _with_record(workspace: Workspace, tree: str, entry: Entry) -> str:
    path = READS if entry.verb == READ else COMMITS
    known = workspace.store.text(workspace.odb.file(tree, path))
    text = _recorded(known, entry)
    return workspace.store.write(tree, {path: text}) if text != known else tree


def _recorded(known: str, entry: Entry) -> str:
    """The file with one more record; a note that says nothing of use adds nothing."""
    if entry.verb == READ:
        return f"{known}{entry.note['read']}\n" if entry.note.get("read") else known
    return with_commits(known, commits_noted(entry.verb, entry.note, entry.at), own=entry.note.get("own") == "true")


def _apply_edit(workspace: Workspace, line: Line, edit: FileEdit) -> list[Change]:
    """Apply one file three-way against the blob it was written on, and return what that changed."""
    store = workspace.store
    if edit.base_blob and workspace.odb.file(line.tree, edit.path) is None:
        bring_in(workspace, line)  # it was read from promotions this session has not seen yet
    path = _free_path(workspace, line.tree, edit)
    there = workspace.odb.file(line.tree, path)
    text = merge_texts(_base_text(workspace, edit), store.text(there), edit.text, path) if there else edit.text
    line.tree = store.write(line.tree, {path: text})
    after = workspace.odb.file(line.tree, path)
    return [Change(path, there, after)] if there != after else []


def _base_text(workspace: Workspace, edit: FileEdit) -> str:
    """What the edit was written against; empty, as if both sides were new, where that never came into the store."""
    try:
        return workspace.store.text(edit.base_blob)
    except Failure:
        return ""


def _free_path(workspace: Workspace, tree: str, edit: FileEdit) -> str:
    """The edit's path, with more of the id where another memory has it already."""
    there, new = workspace.store.parsed(tree, edit.path), parse_memory(edit.text, edit.path).memory
    if there is None or new is None or (there.memory and there.memory.id == new.id):
        return edit.path
    return path_for(new, [edit.path])


def bring_in(workspace: Workspace, line: Line) -> None:
    """Merge the promotions since the session's base into it: a merge commit whose base is the store's tip."""
    _, main = workspace.main()
    if main == line.session.base:
        return
    base_tree, onto = workspace.store.tree_of(line.session.base), workspace.store.tree_of(main)
    texts = workspace.store.merge_onto(workspace.store.candidates(base_tree, line.tree), onto, lambda _: None)
    kept = dict(workspace.odb.files(line.tree, SESSION_DIRECTORY))
    line.tree = workspace.odb.update(workspace.store.write(onto, texts), kept)
    line.session = replace(line.session, base=main)
    message = commit_message("update", "", session_trailers(line.session.name, line.session.agent, line.session.base))
    tip = workspace.odb.write_commit(line.tree, [line.session.tip, main], message, workspace.person)
    line.session = replace(line.session, tip=tip)
