"""The files of a session's worktree: what of them are edits, and how they follow the session's tip again.

Nothing here writes to the journal or takes a lock: `mem session save` does, and so does who carries out a save that a
hook has asked for.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from memcli.branch import FRONT_PAGE, POLICY_FILE, SESSION_DIRECTORY, SESSIONS, is_memory_path
from memcli.core.finding import BLOCK, WARN, Finding, blocking
from memcli.core.memory.anchors import Anchor
from memcli.core.memory.document import Document, DocumentError, Value, decode, parse_document
from memcli.core.memory.instants import format_instant
from memcli.core.memory.schema import as_recorded, read_memory
from memcli.core.review.private import without_private
from memcli.core.text.prose import first_title
from memcli.errors import MemError, Refused
from memcli.git.objects import Delta
from memcli.git.ref_files import read_ref
from memcli.git.worktrees import Worktree
from memcli.operations.writing.admission import findings_of, private_left_out, without_packs
from memcli.operations.writing.anchors import anchored
from memcli.state.journal import FileEdit
from memcli.store import parse_memory
from memcli.workspace import Workspace


@dataclass(frozen=True)
class Written:
    """What a worktree holds beside what its session has: `findings` are about files that are no edits, each with its
    line; `strays`: files that can be none."""

    edits: tuple[FileEdit, ...]
    findings: tuple[Finding, ...]
    strays: tuple[str, ...]

    @property
    def summary(self) -> str:
        return self.edits[0].path if len(self.edits) == 1 else f"{len(self.edits)} files"


def written(workspace: Workspace, worktree: Worktree, name: str) -> Written:
    """Every changed file of a worktree as an edit; those that are edits are completed in place."""
    base_tree = workspace.store.tree_of(_base(workspace, worktree, name))
    here = worktree.files()
    edits, findings = list[FileEdit](), list[Finding]()
    for path in here:
        if is_memory_path(path) or path == POLICY_FILE:
            edit, found = _edit(workspace, worktree, base_tree, path, name)
            twin = next((one for one in edits if edit and edit.base_blob is None and one.id == edit.id), None)
            edits += [edit] if edit and not twin else []
            findings += [_taken(twin.id, twin.path, f"{path}: ")] if twin else found
    for edit in edits:
        worktree.write({edit.path: edit.text.encode()})  # ids are given once: the next save must find them here
    return Written(tuple(edits), tuple(findings), tuple(path for path in here if not _is_known(path)))


def _is_known(path: str) -> bool:
    return (
        is_memory_path(path)
        or path in (POLICY_FILE, FRONT_PAGE, ".gitignore")
        or path.startswith(SESSION_DIRECTORY + "/")
    )


def _base(workspace: Workspace, worktree: Worktree, name: str) -> str:
    """What the files were written from: HEAD, or where it left the session if somebody committed here by hand."""
    tip = read_ref(workspace.layout, SESSIONS + name) or worktree.head
    if workspace.odb.is_ancestor(worktree.head, tip):
        return worktree.head
    return workspace.odb.merge_base(worktree.head, tip) or tip


def refresh(workspace: Workspace, worktree: Worktree, name: str, saved: Mapping[str, str] | None = None) -> None:
    """Let HEAD, the index and the files nobody has changed since (`saved`: as recorded) follow the session's tip.

    Where a changed file cannot follow, HEAD stays: it is the base that the next save compares that file with.
    """
    tip = read_ref(workspace.layout, SESSIONS + name)
    if tip is None:
        return
    before, after = (workspace.store.tree_of(commit) for commit in (_base(workspace, worktree, name), tip))
    moved = [one for one in workspace.odb.diff(before, after) if one.new and (worktree.path / one.path).exists()]
    followed = [_follow_file(workspace, worktree, one, saved or {}) for one in moved]
    if all(followed):
        worktree.follow(tip, workspace.odb.files(after))


def _follow_file(workspace: Workspace, worktree: Worktree, delta: Delta, saved: Mapping[str, str]) -> bool:
    """Bring one file to the session's tip; False where somebody has changed it since it was read."""
    here, wanted = worktree.read(delta.path), workspace.odb.blob(delta.new or "")
    unchanged = (delta.old and workspace.odb.blob(delta.old), saved.get(delta.path, "").encode() or None)
    if here == wanted:
        return True
    if here not in unchanged and delta.path != FRONT_PAGE:
        return False
    worktree.write({delta.path: wanted})
    return True


def tidy(workspace: Workspace, name: str, tip: str) -> bool:
    """Take an ended session's worktree away, unless something in it is in no commit; whether it is gone."""
    worktree = Worktree(workspace.layout, workspace.odb, name)
    if not worktree.exists:
        return True
    kept = workspace.odb.files(workspace.store.tree_of(tip))
    for path in worktree.files():
        if path == FRONT_PAGE:
            continue  # derived, and without what is excluded
        blob = kept.get(path)
        if blob is None or worktree.read(path) != workspace.odb.blob(blob):
            return False
    try:
        worktree.remove()
    except MemError:
        return False  # the work is done; a directory that stays behind is no reason to call it failed
    return True


def _edit(
    workspace: Workspace, worktree: Worktree, base_tree: str, path: str, session: str
) -> tuple[FileEdit | None, list[Finding]]:
    """The edit that a file of the worktree amounts to, None where it is unchanged or cannot be taken."""
    data, blob = worktree.read(path), workspace.odb.file(base_tree, path)
    if data is None:
        return None, [Finding("path-safety", WARN, "", f"{path} is no regular file", "replace it by a file")]
    data, remark = _public(worktree, path, data)
    old = workspace.odb.blob(blob) if blob else None
    if data == old:
        return None, remark
    edit, found = _taken_in(workspace, path, blob, old, data, session)
    return edit, [*remark, *found]


def _public(worktree: Worktree, path: str, data: bytes) -> tuple[bytes, list[Finding]]:
    """A file without its private parts, which leave the worktree too, so that no later save meets them."""
    text, count = without_private(data.decode("utf-8", "surrogateescape"))
    if not count:
        return data, []
    public = text.encode("utf-8", "surrogateescape")
    worktree.write({path: public})
    return public, list(private_left_out("", count, f"{path}, which was rewritten: "))


def _taken_in(
    workspace: Workspace, path: str, blob: str | None, old: bytes | None, data: bytes, session: str
) -> tuple[FileEdit | None, list[Finding]]:
    if path == POLICY_FILE:
        return _policy_edit(workspace, path, blob, data)
    try:
        document = parse_document(decode(data))
        body = without_packs(document.body)
        document = document if body == document.body else document.with_body(body)
    except Refused as error:
        return None, [Finding("echo", WARN, "", f"{path}: {error.message}", error.hint)]
    except DocumentError as error:
        return None, [Finding("schema", BLOCK, "", f"{path}: {error}", f"correct {path}, line {error.line}")]
    known = parse_memory(old, path).document if old else None
    text = _complete(workspace, document, known, path, session).text()
    memory, findings = read_memory(parse_document(text))
    findings += findings_of(workspace, text, path) + (
        _taken_id(workspace, session, path, memory.id) if memory and not blob else []
    )
    if blocking(findings) or memory is None:
        return None, [Finding(one.check, one.severity, one.id, f"{path}: {one.message}", one.next) for one in findings]
    return FileEdit(path, memory.id, blob, text), findings


def _policy_edit(
    workspace: Workspace, path: str, blob: str | None, data: bytes
) -> tuple[FileEdit | None, list[Finding]]:
    if workspace.config.agent:
        return None, [
            Finding("read-only", BLOCK, "policy", "the policy is for persons only", "ask a person to edit it")
        ]
    try:
        return FileEdit(path, "policy", blob, decode(data)), []
    except DocumentError as error:
        return None, [Finding("schema", BLOCK, "policy", f"{path}: {error}", f"correct {path}")]


def _complete(workspace: Workspace, document: Document, known: Document | None, path: str, session: str) -> Document:
    """Fill in what the author left out; an edit that says nothing of `modified` is modified now."""
    now = format_instant(workspace.now)
    document = as_recorded(document, known, workspace.config.agent is not None)
    if known is not None:
        touched = document.get("modified") == known.get("modified")
        return document.with_values({"modified": now}) if touched else document
    parts = path.split("/")
    natural: dict[str, Value] = {
        "id": workspace.new_id(),
        "title": first_title(document.body) or parts[-1].removesuffix(".md"),
        "kind": parts[0],
        "type": {"procedural": "procedure", "episodic": "event"}.get(parts[0], "fact"),
        "topic": parts[1] if len(parts) > 2 else "general",
        "status": "active",
        "created": now,
        "modified": document.get("created") or now,
        "evidence": "inference" if workspace.config.agent else "human",
        "source": _source(workspace, session),
    }
    missing = {key: value for key, value in natural.items() if document.get(key) in (None, "")}
    if isinstance(paths := document.get("paths"), tuple):
        anchors = anchored(workspace, [Anchor.parse(str(path)) for path in paths])
        missing["paths"] = tuple(str(anchor) for anchor in anchors)
    return document.with_values(missing)


def _source(workspace: Workspace, session: str) -> dict[str, Value]:
    head = read_ref(workspace.layout, "HEAD")
    said = {"session": session, "agent": workspace.config.agent, "commit": head[:8] if head else None}
    return {key: value for key, value in said.items() if value}


def _taken_id(workspace: Workspace, session: str, path: str, memory_id: str) -> list[Finding]:
    """A copied file brings its id along; an id names one memory."""
    from memcli.operations.views.reader import Reader

    with Reader(workspace).view(session) as view:
        record = view.get(memory_id)
    if record is None or record.path == path:
        return []
    return [_taken(memory_id, record.path)]


def _taken(memory_id: str, owner: str, where: str = "") -> Finding:
    message = f"{where}the id belongs to {owner}"
    return Finding("schema", BLOCK, memory_id, message, "remove the 'id' line to make a new memory of it")
