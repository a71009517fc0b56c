"""How a promotion is built: the filtered second parent, the merged tree, the timelines, the front page.

Everything here makes objects and moves no ref; `promote` publishes them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from memcli.branch import FRONT_PAGE, POLICY_FILE, READS, SESSION_DIRECTORY
from memcli.core.memory.document import parse_document
from memcli.core.memory.summary import Filters
from memcli.core.memory.timeline import arrange
from memcli.core.pack.front_page import front_page_of, page_of
from memcli.core.review.candidates import ADDED, POLICY, RETIRED, Candidate, content_hash, text_hash
from memcli.core.session import trailers
from memcli.core.session.commit_message import commit_message, is_start, session_trailers, trailers_of
from memcli.core.session.state import PROMOTED, Session
from memcli.git.objects import Commit, Person
from memcli.index.storage.manifest import FileChange
from memcli.operations.views.index_update import unsaved_file
from memcli.operations.views.reader import Reader
from memcli.store import parse_memory
from memcli.workspace import Workspace

_AHEAD = timedelta(days=1)


@dataclass(frozen=True)
class Built:
    """The objects of one promotion: the merge commit, the session's next tip, and whether the session ends."""

    commit: str
    parents: tuple[str, str]
    session_tip: str
    ends: bool
    warnings: tuple[str, ...]


def build(
    workspace: Workspace, session: Session, chosen: Sequence[Candidate], left: Sequence[Candidate], review: str, op: str
) -> Built:
    """The merge commit of `chosen` into the store's tip, and the session with what is `left`."""
    main = workspace.odb.commit(workspace.main()[1])
    tree = workspace.store.write(main.tree, merged_texts(workspace, main.tree, chosen))
    second = second_parent(workspace, session, chosen)
    at, warnings = promotion_time(workspace.now, main.at)
    person = replace(workspace.person, at=at)
    commit = workspace.odb.write_commit(
        tree, [main.id, second], _message(workspace, session, chosen, review, op, whole=not left), person
    )
    tip = _carry_on(workspace, session, left, commit, person) if left else _close(workspace, session, op, person)
    return Built(commit, (main.id, second), tip, not left, warnings)


def promotion_time(now: datetime, parent: datetime) -> tuple[datetime, tuple[str, ...]]:
    """max(now, the first parent's date), so that dates along the store never run backwards, within reason."""
    if parent - now > _AHEAD:
        return now, (f"the last promotion is dated {parent:%Y-%m-%d}, in the future: check this machine's clock",)
    return max(now, parent), ()


def merged_texts(workspace: Workspace, tree: str, chosen: Sequence[Candidate]) -> dict[str, str]:
    """{path: text} to write into the store's tree: candidates merged, timelines arranged, the front page rendered."""
    with Reader(workspace).main_view() as view:
        paths = {one.id: record.path for one in chosen if (record := view.get(one.id))}
    texts = workspace.store.merge_onto(chosen, tree, paths.get)
    texts.update(timelines(workspace, texts, keys_of(chosen, texts)))
    return {**texts, FRONT_PAGE: front_page(workspace, texts)}


def keys_of(chosen: Iterable[Candidate], texts: dict[str, str]) -> set[str]:
    """The keys of the candidates, before and after, and of the files."""
    memories = [memory for one in chosen for memory in (one.before, one.after)]
    memories += [parse_memory(text, path).memory for path, text in texts.items() if path != POLICY_FILE]
    return {memory.key for memory in memories if memory and memory.key}


def timelines(workspace: Workspace, texts: dict[str, str], keys: set[str]) -> dict[str, str]:
    """The files whose status on their key's timeline changes."""
    if not keys:
        return {}
    changed: dict[str, str] = {}
    with Reader(workspace).main_view(extra=_files(texts)) as view:
        for key in sorted(keys):
            members = {record.path: view.text(record) for record in view.by_key(key)}
            changed.update(arranged(members))
    return changed


def arranged(members: dict[str, str]) -> dict[str, str]:
    """{path: new text} of the files of one key whose timeline fields are not as they must be."""
    read = {path: parse_memory(text, path).memory for path, text in members.items()}
    edits = arrange(memory for memory in read.values() if memory)
    return {
        path: parse_document(members[path]).with_values(edits[memory.id]).text()
        for path, memory in read.items()
        if memory and edits.get(memory.id)
    }


def front_page(workspace: Workspace, texts: dict[str, str], gone: Iterable[str] = ()) -> str:
    """MEMORY.md as the store's tree with `texts` in it, and without the files `gone`, has it."""
    missing = set(gone)
    with Reader(workspace).main_view(extra=_files(texts)) as view:
        if not missing:
            return page_of(view)
        return front_page_of(record for record in view.records(Filters()) if record.path not in missing)


def _files(texts: dict[str, str]) -> list[FileChange]:
    return [unsaved_file(path, text) for path, text in texts.items() if path not in (POLICY_FILE, FRONT_PAGE)]


def _message(
    workspace: Workspace, session: Session, chosen: Sequence[Candidate], review: str, op: str, whole: bool
) -> str:
    """A pull request in the log: a subject, a line per memory, trailers; only a whole dream says how far it read."""
    signs = {ADDED: "+", RETIRED: "-"}
    lines = [f"{signs.get(one.change, '~')} {one.title} ({one.id[-6:]})" for one in chosen]
    counts = [sum(1 for line in lines if line.startswith(sign)) for sign in "+~-"]
    topic = session.task.splitlines()[0] if session.task else chosen[0].title if len(chosen) == 1 else ""
    subject = f"promote {session.name}" + (f": {topic}" if topic else f": {len(chosen)} memories")
    pairs = [
        (trailers.SESSION, session.name),
        (trailers.AGENT, session.agent or ""),
        (trailers.CANDIDATES, "+{} ~{} -{}".format(*counts)),
        (trailers.REVIEW, review),
        (trailers.READS, str(_reads(workspace, session))),
        (trailers.WATERMARK, (session.watermark or "") if whole else ""),
        (trailers.CODE, (session.code or "") if whole else ""),
        (trailers.OP, op),
    ]
    return commit_message(subject, "\n".join(lines), pairs)


def _reads(workspace: Workspace, session: Session) -> int:
    tree = workspace.store.tree_of(session.tip)
    return workspace.store.text(workspace.odb.file(tree, READS)).count("\n")


def second_parent(workspace: Workspace, session: Session, chosen: Sequence[Candidate]) -> str:
    """The session's tip; where anything is left out, its commits replayed with the chosen memories only."""
    chain = list(reversed(list(_chain(workspace, session))))
    steps = list(_steps(workspace, session, chain))
    kept = {one.path for one in chosen}
    touched = {path for _, (_, proposed) in steps for path in proposed}
    if not session.rejections and touched <= kept:
        return session.tip
    tip = chain[0].parents[0] if chain and chain[0].parents else session.base
    before: dict[str, str] = {}
    for commit, (base_tree, proposed) in steps:
        allowed = {
            path: blob
            for path, blob in proposed.items()
            if path in kept and not _was_rejected(workspace, session, path, blob)
        }
        own = {path for path, blob in proposed.items() if before.get(path) != blob}
        said = commit.message if own <= allowed.keys() else commit_message("in part", "", trailers_of(commit.message))
        tip, before = _replayed(workspace, replace(commit, message=said), tip, base_tree, allowed), proposed
    return tip


def _chain(workspace: Workspace, session: Session) -> Iterable[Commit]:
    """The session's own commits, newest first, down to its start."""
    for commit in workspace.odb.first_parents(session.tip):
        yield commit
        if is_start(commit.message):
            return


def _steps(
    workspace: Workspace, session: Session, chain: Iterable[Commit]
) -> Iterator[tuple[Commit, tuple[str, dict[str, str]]]]:
    """Each commit, oldest first, with (tree of the base it had, {path: blob} of what the session proposed then)."""
    base = session.base
    for commit in chain:
        base = dict(trailers_of(commit.message)).get(trailers.BASE, base)  # a commit made by hand says nothing of it
        base_tree = workspace.store.tree_of(base)
        deltas = workspace.store.deltas(base_tree, commit.tree)
        yield commit, (base_tree, {one.path: one.new for one in deltas if one.new})


def _was_rejected(workspace: Workspace, session: Session, path: str, blob: str) -> bool:
    if path == POLICY_FILE:
        return session.rejects(POLICY, text_hash(workspace.store.text(blob)))
    memory = parse_memory(workspace.odb.blob(blob), path).memory
    return memory is not None and session.rejects(memory.id, content_hash(memory))


def _replayed(workspace: Workspace, commit: Commit, onto: str, base_tree: str, proposed: dict[str, str]) -> str:
    """The commit with only `proposed` in it; one that says nothing more is left out, its message with it."""
    tree = workspace.odb.update(base_tree, {**proposed, **workspace.odb.files(commit.tree, SESSION_DIRECTORY)})
    starts, merges = is_start(commit.message), len(commit.parents) > 1
    if tree == workspace.store.tree_of(onto) and not starts and not merges:
        return onto
    author = Person(commit.author, commit.email, commit.at)
    return workspace.odb.write_commit(tree, [onto, *commit.parents[1:]], commit.message, author)


def _carry_on(workspace: Workspace, session: Session, left: Sequence[Candidate], base: str, person: Person) -> str:
    """The session begun again on the new tip, with its decisions, and what was left as its candidates."""
    tree = workspace.store.tree_of(base)
    pairs = [
        (trailers.START, person.at.strftime("%Y-%m-%dT%H:%M:%SZ")),
        *session_trailers(session.name, session.agent, base),
        (trailers.CODE_BRANCH, session.code_branch or ""),
        (trailers.BRANCH_MERGED, session.merged.value() if session.merged else ""),
        (trailers.HARNESS_ID, session.harness_id or ""),
        (trailers.WATERMARK, session.watermark or ""),
        (trailers.CODE, session.code or ""),
        *((trailers.REJECT, f"{one.id} {one.content} {one.reason}") for one in session.rejections),
        (trailers.ENDED, session.ended or ""),
        *((trailers.STEP, step) for step in session.steps),
    ]
    start = workspace.odb.write_commit(
        tree, [base], commit_message(f"session: {session.name}", session.task, pairs), person
    )
    texts = workspace.store.merge_onto(left, tree, lambda _: None)
    reads = workspace.odb.files(workspace.store.tree_of(session.tip), SESSION_DIRECTORY)
    carried = workspace.odb.update(workspace.store.write(tree, texts), dict(reads))
    message = commit_message(f"left: {len(left)} candidates", "", session_trailers(session.name, session.agent, base))
    return workspace.odb.write_commit(carried, [start], message, person)


def _close(workspace: Workspace, session: Session, op: str, person: Person) -> str:
    pairs = [
        *session_trailers(session.name, session.agent, session.base),
        (trailers.STATE, PROMOTED),
        (trailers.OP, op),
    ]
    return workspace.odb.write_commit(
        workspace.store.tree_of(session.tip), [session.tip], commit_message("promoted", "", pairs), person
    )
