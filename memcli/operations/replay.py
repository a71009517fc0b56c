"""`mem replay`: a pack as it was handed out, from its kept bytes, else rendered again from what its session recorded.

A record is looked for among the reads that wait in the journal, those of sessions (open, ended, published) and those
that promotions have brought along as their second parent, so that any clone that has those commits can tell.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from memcli.branch import READS
from memcli.core.document import DocumentError, decode
from memcli.core.pack import render
from memcli.core.plan import Plan, from_record
from memcli.core.reads import HYDRATE, Read, read_lines
from memcli.errors import Failure, MemError, NotFound, Usage
from memcli.operations.reading import file_change
from memcli.repo.layout import list_refs
from memcli.repo.packs import Damaged, Packs, pack_id
from memcli.repo.refs import ENDED, SESSIONS
from memcli.workspace import Workspace

KEPT, RECOMPUTED = "kept", "recomputed"
SHORTEST = 6
_BRANCHES = ("refs/heads/", "refs/remotes/")


@dataclass(frozen=True)
class Replayed:
    """`source`: `kept` or `recomputed`; `matches`: the text has the hash `pack`; `damage`: what the kept bytes lack."""

    pack: str
    source: str
    matches: bool
    text: str
    damage: str = ""


def replay(workspace: Workspace, name: str) -> Replayed:
    """The pack of that hash, or of a unique beginning of it. Raises NotFound, Usage, Failure."""
    workspace.tip()
    wanted = name.lower()
    if not re.fullmatch(rf"[0-9a-f]{{{SHORTEST},64}}", wanted):
        raise Usage(
            f"not the hash of a pack: {name[:80]!r}", "'mem hydrate --json' says it as 'pack'; six digits will do"
        )
    packs = Packs(workspace.layout)
    kept, damage = _one(name, packs.matching(wanted)), ""
    try:
        data = packs.read(kept) if kept else None
        if kept and data is not None:
            return Replayed(kept, KEPT, True, data.decode())
    except Damaged as error:
        damage = str(error)
    return _recomputed(workspace, kept or wanted, damage)


def _one(name: str, found: list[str]) -> str | None:
    if len(found) > 1:
        raise Usage(f"{name!r} begins the hashes of {len(found)} packs", "use more characters of the hash")
    return found[0] if found else None


def _recomputed(workspace: Workspace, wanted: str, damage: str) -> Replayed:
    """The pack rendered again. Raises NotFound, Failure."""
    records = dict[str, Read]()
    for record in _records(workspace, wanted):
        records.setdefault(record.sha256, record)
    pack = _one(wanted, sorted(records))
    if pack is None:
        if damage:
            raise Failure(f"the kept pack {wanted[:12]} is damaged ({damage}), and no session here recorded it",
                          "fetch mem/main or the session that read it, then try again")  # fmt: skip
        raise NotFound(
            f"no pack {wanted[:12]!r} is kept or recorded here",
            "fetch mem/main or the session that read it; packs without a session are kept for 180 days only",
        )
    if records[pack].op != HYDRATE:
        raise NotFound(f"{pack[:12]} is what a {records[pack].op:.20} showed, not a pack",
                       "only packs are replayed")  # fmt: skip
    try:
        plan = from_record(records[pack].parameters["pack"])
    except (ValueError, KeyError, TypeError) as error:
        raise Failure(
            f"the record of the pack {pack[:12]} cannot be read: {error}", "replay it with a newer mem"
        ) from error
    text = render(plan, _texts(workspace, plan))
    return Replayed(pack, RECOMPUTED, pack_id(text.encode()) == pack, text, damage)


def _texts(workspace: Workspace, plan: Plan) -> dict[str, str]:
    """The cited texts by blob, from git, else from writes that wait in the journal. Raises NotFound."""
    texts = dict[str, str]()
    waiting: dict[str, str] | None = None
    for item in plan.items:
        if re.fullmatch(r"[0-9a-f]{40}", item.blob) and workspace.odb.has(item.blob):
            texts[item.blob] = _decoded(workspace.odb.blob(item.blob))
            continue
        waiting = _waiting(workspace) if waiting is None else waiting
        if item.blob not in waiting:
            raise NotFound(f"the memory {item.id[-6:]} is no longer here as the pack showed it (blob {item.blob[:12]})",
                           "fetch mem/main or the session that wrote it, then try again")  # fmt: skip
        texts[item.blob] = waiting[item.blob]
    return texts


def _decoded(data: bytes) -> str:
    """The text as the index has it."""
    try:
        return decode(data)
    except DocumentError:
        return data.decode("utf-8", "replace")


def _waiting(workspace: Workspace) -> dict[str, str]:
    entries = (entry for _, entry in workspace.journal.pending() if not isinstance(entry, ValueError))
    changes = (file_change(edit.path, edit.text) for entry in entries for edit in entry.edits)
    return {str(one.blob): one.data.decode() for one in changes}


def _records(workspace: Workspace, prefix: str) -> Iterator[Read]:
    """Every recorded read of a hash that begins so, newest places first."""
    seen = set[str]()
    for text in _journals(workspace, seen):
        if prefix not in text:
            continue
        for read in read_lines(text):
            if read.sha256.startswith(prefix) and re.fullmatch("[0-9a-f]{64}", read.sha256):
                yield read


def _journals(workspace: Workspace, seen: set[str]) -> Iterator[str]:
    """The recorded reads, place by place; `seen` are blobs that were looked at."""
    for _, entry in workspace.journal.pending():
        if not isinstance(entry, ValueError):
            yield entry.note.get("read", "")
    for commit in _commits(workspace):
        try:
            blob = workspace.odb.file(workspace.store.tree_of(commit), READS)
            if blob and blob not in seen:
                seen.add(blob)
                yield workspace.store.text(blob)
        except MemError:
            continue  # a session whose objects this clone does not have


def _commits(workspace: Workspace) -> Iterator[str]:
    """The tips of sessions, then what promotions brought along."""
    for prefix in (SESSIONS, ENDED):
        yield from (tip for _, tip in list_refs(workspace.layout, prefix))
    for prefix in _BRANCHES:
        yield from (tip for ref, tip in list_refs(workspace.layout, prefix) if "/mem/sessions/" in ref)
    for commit in workspace.odb.first_parents(workspace.tip()[1]):
        yield from commit.parents[1:]
