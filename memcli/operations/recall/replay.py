"""`mem replay`: a pack as it was handed out, from its kept bytes, else rendered again from what its session recorded.

A record is looked for among the reads that wait in the journal, those of sessions (open, ended, published) and those
that promotions have brought along as their second parent, so that any clone that has those commits can tell.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from memcli.branch import READS
from memcli.core.memory.document import DocumentError, decode
from memcli.core.pack.plan import PackPlan, from_record
from memcli.core.pack.rendering import render_pack
from memcli.core.session.reads import HYDRATE, Read, read_lines
from memcli.errors import Failure, MemError, NotFound, Refused, Usage
from memcli.operations.provenance.session_records import recorded_files
from memcli.operations.views.index_update import unsaved_file
from memcli.operations.views.reader import Reader
from memcli.operations.views.visibility import CITATION, SHOW_EXCLUDED
from memcli.operations.writing.record import carry_out
from memcli.state.packs import Damaged, Packs, pack_id
from memcli.workspace import Workspace

KEPT, RECOMPUTED = "kept", "recomputed"
SHORTEST = 6
_HASH = "[0-9a-f]{64}"


@dataclass(frozen=True)
class Replayed:
    """`source`: `kept` or `recomputed`; `matches`: the text has the hash `pack`; `damage`: what the kept bytes lack."""

    pack: str
    source: str
    matches: bool
    text: str
    damage: str = ""


def replay(workspace: Workspace, name: str) -> Replayed:
    """The pack of that hash, or of a unique beginning of it. Raises NotFound, Usage, Failure, and Refused for an agent
    where it shows what is excluded by now."""
    workspace.tip()
    wanted = name.lower()
    if not re.fullmatch(rf"[0-9a-f]{{{SHORTEST},64}}", wanted):
        raise Usage(
            f"not the hash of a pack: {name[:80]!r}", "'mem hydrate --json' says it as 'pack'; six digits will do"
        )
    kept = _one(name, Packs(workspace.layout).matching(wanted))
    found, damage = _kept(workspace, kept) if kept else (None, "")
    return _allowed(workspace, found or _recomputed(workspace, kept or wanted, damage))


def replay_read(workspace: Workspace, read: Read) -> Replayed:
    """The pack of a read that is known. Raises NotFound, Failure."""
    found, damage = _kept(workspace, read.sha256)
    return _allowed(workspace, found or _rendered(workspace, read, damage))


def _allowed(workspace: Workspace, found: Replayed) -> Replayed:
    _refuse_excluded(workspace, found.text)
    return found


def _refuse_excluded(workspace: Workspace, pack: str) -> None:
    """Raise Refused for an agent where a pack of old shows what is excluded by now."""
    if workspace.config.agent is None or not workspace.excludes:
        return
    reader = Reader(workspace)
    with reader.view() as view:
        cited = [record for suffix in set(CITATION.findall(pack)) for record in view.find(suffix)]
        if reader.visibility.hides(view, cited):
            raise Refused("the pack shows what is about code paths that are excluded from memory by now", SHOW_EXCLUDED)


@dataclass(frozen=True)
class Handed:
    """The packs that a session had been handed before a code commit, newest first; `lost`: why others are not here."""

    commit: str
    session: str
    packs: tuple[tuple[str, Replayed], ...]
    lost: tuple[str, ...]


def replay_commit(workspace: Workspace, revision: str) -> Handed:
    """Every pack that the session of a code commit was handed before it. Raises NotFound where there is none."""
    from memcli.operations.provenance.authorship import commit_origin

    carry_out(workspace)
    commit = workspace.odb.resolve(revision)
    work = commit_origin(workspace, commit)
    if work is None:
        raise NotFound(f"no session has recorded the commit {commit[:12]}",
                       "'mem hooks install --git' has sessions record their commits from then on")  # fmt: skip
    reads = [read for read in reversed(work.reads) if read.op == HYDRATE and re.fullmatch(_HASH, read.sha256)]
    found, lost = list[tuple[str, Replayed]](), list[str]()
    for read in {one.sha256: one for one in reversed(reads)}.values():
        try:
            found.append((read.at, replay_read(workspace, read)))
        except MemError as error:
            lost.append(error.message)
    if not found:
        why = f": {lost[0]}" if lost else ""
        raise NotFound(f"no pack is known that {work.session} was handed before {commit[:12]}{why}",
                       "'mem why FILE:LINE' shows what it had read, packs or not")  # fmt: skip
    return Handed(commit, work.session, tuple(sorted(found, key=lambda one: one[0], reverse=True)), tuple(lost))


def _kept(workspace: Workspace, pack: str) -> tuple[Replayed | None, str]:
    """(the pack from its kept bytes, what is wrong with them)."""
    try:
        data = Packs(workspace.layout).read(pack)
    except Damaged as error:
        return None, str(error)
    return (Replayed(pack, KEPT, True, data.decode()) if data is not None else None), ""


def _one(name: str, found: list[str]) -> str | None:
    if len(found) > 1:
        raise Usage(f"{name!r} begins the hashes of {len(found)} packs", "use more characters of the hash")
    return found[0] if found else None


def _recomputed(workspace: Workspace, wanted: str, damage: str) -> Replayed:
    """The pack rendered again. Raises NotFound, Failure."""
    read = _read_of(workspace, wanted, damage)
    if read.op != HYDRATE:
        raise NotFound(f"{read.sha256[:12]} is what a {read.op:.20} showed, not a pack",
                       "only packs are replayed")  # fmt: skip
    return _rendered(workspace, read, damage)


def _read_of(workspace: Workspace, wanted: str, damage: str) -> Read:
    """The read of a pack. Raises NotFound, Failure."""
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
    return records[pack]


def _rendered(workspace: Workspace, read: Read, damage: str) -> Replayed:
    """The pack rendered again from its record. Raises NotFound, Failure."""
    pack = read.sha256
    try:
        plan = from_record(read.parameters["pack"])
    except (ValueError, KeyError, TypeError) as error:
        raise Failure(
            f"the record of the pack {pack[:12]} cannot be read: {error}", "replay it with a newer mem"
        ) from error
    text = render_pack(plan, _texts(workspace, plan))
    return Replayed(pack, RECOMPUTED, pack_id(text.encode()) == pack, text, damage)


def _texts(workspace: Workspace, plan: PackPlan) -> dict[str, str]:
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
    changes = (unsaved_file(edit.path, edit.text) for entry in entries for edit in entry.edits)
    return {str(one.blob): one.data.decode() for one in changes}


def _records(workspace: Workspace, prefix: str) -> Iterator[Read]:
    """Every recorded read of a hash that begins so, newest places first."""
    for text in _journals(workspace):
        if prefix not in text:
            continue
        for read in read_lines(text):
            if read.sha256.startswith(prefix) and re.fullmatch(_HASH, read.sha256):
                yield read


def _journals(workspace: Workspace) -> Iterator[str]:
    """The recorded reads, place by place."""
    for _, entry in workspace.journal.pending():
        if not isinstance(entry, ValueError):
            yield entry.note.get("read", "")
    yield from (text for _, text in recorded_files(workspace, READS))
