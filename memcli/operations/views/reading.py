"""The store as the caller sees it: the index brought up to date, the session's candidates laid over it.

Nothing here imports libgit2 while the index is current: the refs' commits are compared with its manifests.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import wraps
from typing import ParamSpec, TypeVar

from memcli.branch import POLICY_FILE, is_memory_path
from memcli.core.memory.anchors import blob_id
from memcli.core.memory.instants import format_instant
from memcli.core.memory.summary import Filters, Record
from memcli.core.review.private import value_without_private
from memcli.core.session.reads import Read
from memcli.core.session.verbs import READ
from memcli.errors import Conflict, MemError, NotFound, Usage
from memcli.git.layout import read_ref
from memcli.git.refs import SESSIONS
from memcli.index.database.view import ACTIVE, View
from memcli.index.storage.connection import Damaged
from memcli.index.storage.manifest import FileChange, Manifest
from memcli.index.storage.tables import SCHEMA
from memcli.index.vectors.embedding import Embedder, Unavailable
from memcli.state.journal import Entry
from memcli.workspace import Workspace

_Asked = ParamSpec("_Asked")
_Answer = TypeVar("_Answer")


def outliving_damage(operation: Callable[_Asked, _Answer]) -> Callable[_Asked, _Answer]:
    """An operation that reads, asked again once where the index breaks: a fresh one is in its place by then."""

    @wraps(operation)
    def asked(*arguments: _Asked.args, **options: _Asked.kwargs) -> _Answer:
        try:
            return operation(*arguments, **options)
        except Damaged:
            return operation(*arguments, **options)

    return asked


@contextmanager
def open_view(workspace: Workspace, session: str | None = None, meaning: bool = False) -> Iterator[View]:
    """The store's tip, with what the session (default: the caller's) proposes and has queued; with `meaning`, the view
    can also be asked by it (`View.dense`)."""
    ref, tip = workspace.tip()
    catch_up(workspace, ref, tip)
    name = session or workspace.selection.name
    session_ref = _catch_up_session(workspace, name) if name else None
    waiting = queued(workspace, name) if name else ()
    embedder, failure = embedder_or_why(workspace) if meaning else (None, None)
    with workspace.index.view(ref, session_ref, waiting, embedder) as view:
        view.degraded = failure or view.degraded
        yield view


def embedder_or_why(workspace: Workspace) -> tuple[Embedder | None, str | None]:
    """What makes vectors here, or why nothing does although something should."""
    try:
        return workspace.embedder, None
    except Unavailable as error:
        return None, error.message


@contextmanager
def open_main(workspace: Workspace, extra: Sequence[FileChange] = ()) -> Iterator[View]:
    """The store's tip without any session, with `extra` files as if they were in it."""
    ref, tip = workspace.tip()
    catch_up(workspace, ref, tip)
    with workspace.index.view(ref, extra=extra) as view:
        yield view


def catch_up(workspace: Workspace, ref: str, tip: str) -> int:
    """Bring the index to the store's tip and return how many files changed: the tree diff from its manifest."""
    for _ in range(3):
        try:
            return _catch_up(workspace, ref, tip)
        except (Conflict, Damaged):
            continue  # another process was quicker, or a fresh index has replaced a broken one
    return _catch_up(workspace, ref, tip)


def follow(workspace: Workspace) -> None:
    """Bring the index along right after a promotion, so that the next recall need not; it may just as well be late."""
    try:
        catch_up(workspace, *workspace.main())
    except (MemError, OSError):
        return


def _catch_up(workspace: Workspace, ref: str, tip: str) -> int:
    known = workspace.index.manifest(ref)
    if known and known.commit == tip:
        return 0
    tree = workspace.store.tree_of(tip)
    base = known.tree if known and workspace.odb.has(known.tree) else None
    changes = workspace.odb.diff(base, tree)
    changes = [one for one in changes if is_memory_path(one.path)]
    workspace.odb.prefetch(one.new for one in changes if one.new)
    files = (file_change_of(workspace, one.path, one.new) for one in changes)
    workspace.index.update(Manifest(ref, tree, tip, SCHEMA), files, replace=base is None, base=base)
    return len(changes)


def file_change_of(workspace: Workspace, path: str, blob: str | None) -> FileChange:
    """A file of a tree; no blob means that it is gone."""
    return FileChange(path, blob, workspace.odb.blob(blob) if blob else b"")


def _catch_up_session(workspace: Workspace, name: str) -> str | None:
    """Index the candidates of an open session; None where there is no such session (yet)."""
    ref = SESSIONS + name
    tip = read_ref(workspace.layout, ref)
    if tip is None:
        return None
    known = workspace.index.manifest(ref)
    if known is None or known.commit != tip:
        tree = workspace.store.tree_of(tip)
        session = workspace.sessions.load(name)
        found = [one for one in workspace.sessions.candidates(session) if one.path != POLICY_FILE]
        files = [file_change_of(workspace, one.path, workspace.odb.file(tree, one.path)) for one in found]
        workspace.index.update(Manifest(ref, tree, tip, SCHEMA), files, replace=True)
    return ref


def queued(workspace: Workspace, name: str) -> list[FileChange]:
    """The session's writes that wait in the journal, as files."""
    edits = [edit for entry in workspace.journal.entries(name) for edit in entry.edits]
    return [file_change(edit.path, edit.text) for edit in edits if edit.path != POLICY_FILE]


def file_change(path: str, text: str) -> FileChange:
    """A file that is in no tree yet."""
    data = text.encode()
    return FileChange(path, blob_id(data), data)


def leave_out_excluded(workspace: Workspace, view: View, filters: Filters = ACTIVE) -> int:
    """Keep a view from showing what is about excluded code paths, to an agent in any case, to a person unless all is
    asked for; how many of the memories that pass the filters are left out."""
    excludes = workspace.excludes
    if excludes is None or (filters.all and not workspace.config.agent):
        return 0
    whole = view.count(filters)
    view.leave_out(excludes.excludes)
    return whole - view.count(filters)


def find_one(view: View, text: str) -> Record:
    """The memory of an id, or of a unique beginning or end of one. Raises NotFound, Usage where several match."""
    found = view.find(text)
    if not found:
        raise NotFound(f"no memory with the id {text!r}", "'mem list --all' or 'mem recall WORDS' shows ids")
    if len(found) > 1:
        shown = ", ".join(f"{record.id[-10:]} ({record.title[:40]})" for record in found[:5])
        raise Usage(f"{text!r} is the id of {len(found)} memories: {shown}", "use more characters of the id")
    return found[0]


def record_read(
    workspace: Workspace,
    verb: str,
    query: str,
    parameters: dict[str, object],
    shown: Sequence[Record],
    text: str,
    tree: str | None = None,
) -> None:
    """Note in the caller's session what it was shown, of `tree` (None: the one that is indexed); without a session
    nothing is noted, and nothing starts one."""
    name = workspace.selection.name
    if name is None or not (workspace.selection.is_open(name) or workspace.journal.entries(name)):
        return
    import hashlib

    found = workspace.index.manifest(workspace.tip()[0]) if tree is None else None
    (query, parameters), _ = value_without_private((query, parameters))
    read = Read(
        op=verb,
        at=format_instant(workspace.now),
        tree=found.tree if found else tree or "",
        query=query,
        parameters=parameters,
        ids=tuple((record.id, record.blob) for record in shown),
        sha256=hashlib.sha256(text.encode()).hexdigest(),
    )
    entry = _read_entry(workspace, name, read.line())
    try:
        workspace.journal.append(entry)
    except MemError:
        return  # an answer is worth more than its record


def _read_entry(workspace: Workspace, name: str, line: str) -> Entry:
    from memcli.entries import entry_for

    return entry_for(workspace, READ, name, note={"read": line})
