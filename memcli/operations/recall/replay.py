"""`mem replay`: a pack as it was handed out, from its kept bytes, else rendered again from what its session recorded.

A record is looked for among the reads that wait in the journal, those of sessions (open, ended, published) and those
that promotions have brought along as their second parent, so that any clone that has those commits can tell.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import TYPE_CHECKING

from memcli.branch import READS, store_to_read
from memcli.core.memory.document import DocumentError, decode
from memcli.core.memory.identity import only_match
from memcli.core.pack.plan import PackPlan, from_record
from memcli.core.pack.rendering import render_pack
from memcli.core.session.reads import HYDRATE, Read, read_lines
from memcli.core.text.first_few import first_few
from memcli.errors import Failure, MemError, NotFound, Refused, Usage
from memcli.git.revision import resolve_commit
from memcli.operations.provenance.session_records import SessionRecords
from memcli.operations.views.index_update import unsaved_file
from memcli.operations.views.reader import Reader
from memcli.operations.views.visibility import CITATION, SHOW_EXCLUDED
from memcli.operations.writing.transaction import drain_before_reading
from memcli.state.journal import Journal
from memcli.state.kept_packs import DamagedPack, Packs, pack_id
from memcli.workspace import Workspace

if TYPE_CHECKING:
    from memcli.git.odb import Odb

KEPT, RECOMPUTED = "kept", "recomputed"
SHORTEST = 6
_HASH, _BLOB = "[0-9a-f]{64}", "[0-9a-f]{40}"


@dataclass(frozen=True)
class Replayed:
    """`source`: `kept` or `recomputed`; `matches`: the text has the hash `pack`; `damage`: what the kept bytes lack."""

    pack: str
    source: str
    matches: bool
    text: str
    damage: str = ""


def replay(workspace: Workspace, name: str) -> Replayed:
    """The pack of that hash, or of a unique prefix of it. Raises NotFound, Usage, Failure, and Refused for an agent
    where it shows what is excluded by now."""
    store_to_read(workspace.layout)
    prefix, packs = name.lower(), Packs(workspace.layout)
    if not re.fullmatch(rf"[0-9a-f]{{{SHORTEST},64}}", prefix):
        raise Usage(
            f"not the hash of a pack: {name[:80]!r}",
            "take the hash from 'pack' in 'mem hydrate --json' (six digits are enough)",
        )
    kept = _only_pack(prefix, packs.matching(prefix))
    replayed, damage = _kept(packs, kept) if kept else (None, "")
    if replayed is None:
        recorded = (text for _, text in SessionRecords.of(workspace.layout, workspace.store).texts(READS))
        read = _read_of(chain(_waiting_reads(workspace.journal), recorded), kept or prefix, damage)
        replayed = _rendered(workspace.odb, workspace.journal, read, damage)
    _refuse_excluded(Reader(workspace), replayed.text)
    return replayed


@dataclass(frozen=True)
class CommitSession:
    """A session with a part in a code commit, by which evidence, and whether that is `certain` or `probable`."""

    session: str
    evidence: str
    certainty: str


@dataclass(frozen=True)
class HandedPack:
    """A pack that a session was handed, at an instant (RFC 3339)."""

    session: str
    at: str
    pack: Replayed


@dataclass(frozen=True)
class HandedPacks:
    """The packs that the sessions of a code commit had been handed before it, newest first; the session with the
    largest part comes first; `lost`: why other packs are not here."""

    commit: str
    sessions: tuple[CommitSession, ...]
    packs: tuple[HandedPack, ...]
    lost: tuple[str, ...]


def replay_commit(workspace: Workspace, revision: str) -> HandedPacks:
    """Every pack that the sessions of a code commit were handed before it. Raises NotFound where there is none."""
    from memcli.operations.provenance.authorship import Authorship

    drain_before_reading(workspace)
    commit, reader = resolve_commit(workspace.odb, workspace.layout, revision), Reader(workspace)
    records = SessionRecords.of(workspace.layout, workspace.store)
    origins = Authorship(records, workspace.sessions, workspace.journal).of_commit(commit)
    if not origins:
        raise NotFound(f"no session is known to have made the commit {commit[:12]}",
                       "install the git hooks ('mem hooks install --git --trailer') for later commits")  # fmt: skip
    handed, lost = list[HandedPack](), list[str]()
    for origin in origins:
        for read in {read.sha256: read for read in origin.reads if _is_of_a_pack(read)}.values():
            try:
                replayed, damage = _kept(Packs(workspace.layout), read.sha256)
                replayed = replayed or _rendered(workspace.odb, workspace.journal, read, damage)
                _refuse_excluded(reader, replayed.text)
                handed.append(HandedPack(origin.session, read.at, replayed))
            except MemError as error:
                lost.append(error.message)
    if not handed:
        why, names = f": {lost[0]}" if lost else "", first_few([origin.session for origin in origins])
        raise NotFound(f"session {names} received no known pack before {commit[:12]}{why}",
                       "'mem why FILE:LINE' shows what it had read, packs or not")  # fmt: skip
    packs = sorted(handed, key=lambda pack: pack.at, reverse=True)
    sessions = [CommitSession(origin.session, origin.attribution.evidence, origin.attribution.certainty)
                for origin in origins]  # fmt: skip
    return HandedPacks(commit, tuple(sessions), tuple(packs), tuple(lost))


def _is_of_a_pack(read: Read) -> bool:
    return read.op == HYDRATE and re.fullmatch(_HASH, read.sha256) is not None


def _refuse_excluded(reader: Reader, pack: str) -> None:
    """Raise Refused for an agent where a pack of old shows what is excluded by now."""
    if not reader.visibility.is_limited:
        return
    with reader.view() as view:
        cited = [record for suffix in set(CITATION.findall(pack)) for record in view.find(suffix)]
        if reader.visibility.hides(view, cited):
            raise Refused("the pack shows memories about code paths that are excluded by now", SHOW_EXCLUDED)


def _kept(packs: Packs, name: str) -> tuple[Replayed | None, str]:
    """(the pack from its kept bytes, what is wrong with them)."""
    try:
        data = packs.read(name)
    except DamagedPack as error:
        return None, str(error)
    return (Replayed(name, KEPT, True, data.decode()) if data is not None else None), ""


def _only_pack(prefix: str, packs: Sequence[str]) -> str | None:
    """The pack, if any, of those that have the prefix. Raises Usage where several have it."""
    return only_match(prefix, packs, "pack", "") if packs else None


def _read_of(files: Iterable[str], prefix: str, damage: str) -> Read:
    """The read of a pack among recorded ones. Raises NotFound, Failure."""
    reads = dict[str, Read]()
    for read in _matching_reads(files, prefix):
        reads.setdefault(read.sha256, read)
    pack = _only_pack(prefix, sorted(reads))
    if pack is None and damage:
        raise Failure(f"the kept pack {prefix[:12]} is damaged ({damage}), and no session here recorded it",
                      "fetch mem/main or the session that read it, then try again")  # fmt: skip
    if pack is None:
        raise NotFound(f"no pack {prefix[:12]!r} in this clone", "fetch mem/main or the session that read "
                       "it; packs without a session are kept for 180 days only")  # fmt: skip
    if reads[pack].op != HYDRATE:
        raise NotFound(f"{pack[:12]} is the answer of a {reads[pack].op:.20}, not a pack", "only packs are replayed")
    return reads[pack]


def _matching_reads(files: Iterable[str], prefix: str) -> Iterator[Read]:
    """The reads whose hash has that prefix, in the order of the files."""
    for text in files:
        if prefix in text:
            hashes = (read for read in read_lines(text) if re.fullmatch(_HASH, read.sha256))
            yield from (read for read in hashes if read.sha256.startswith(prefix))


def _waiting_reads(journal: Journal) -> Iterator[str]:
    for entry in journal.readable():
        yield entry.note.get("read", "")


def _rendered(odb: Odb, journal: Journal, read: Read, damage: str) -> Replayed:
    """The pack rendered again from its record. Raises NotFound, Failure."""
    pack = read.sha256
    try:
        plan = from_record(read.parameters["pack"])
    except (ValueError, KeyError, TypeError) as error:
        raise Failure(f"the record of the pack {pack[:12]} cannot be read: {error}", "use a newer mem") from error
    text = render_pack(plan, _cited_texts(odb, journal, plan))
    return Replayed(pack, RECOMPUTED, pack_id(text.encode()) == pack, text, damage)


def _cited_texts(odb: Odb, journal: Journal, plan: PackPlan) -> dict[str, str]:
    """The cited texts by blob, from git, else from writes that wait in the journal. Raises NotFound."""
    in_git = [item.blob for item in plan.items if re.fullmatch(_BLOB, item.blob) and odb.has(item.blob)]
    texts = {blob: _decoded(odb.blob(blob)) for blob in in_git}
    if len(texts) < len({item.blob for item in plan.items}):
        texts = {**_waiting_texts(journal), **texts}
    for item in plan.items:
        if item.blob not in texts:
            raise NotFound(f"the memory {item.id[-6:]} is no longer here as the pack showed it (blob {item.blob[:12]})",
                           "fetch mem/main or the session that wrote it, then try again")  # fmt: skip
    return texts


def _waiting_texts(journal: Journal) -> Mapping[str, str]:
    files = (unsaved_file(edit.path, edit.text) for entry in journal.readable() for edit in entry.edits)
    return {str(file.blob): file.data.decode() for file in files}


def _decoded(data: bytes) -> str:
    """The text as the index has it."""
    try:
        return decode(data)
    except DocumentError:
        return data.decode("utf-8", "replace")
