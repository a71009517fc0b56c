"""`mem bootstrap`: propose what a repository already knows as candidates of a session.

The result is a function of the code's HEAD (or of the files named): a second run proposes nothing new, and two clones
make the same ids.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from memcli.branch import store_to_write
from memcli.core.sources.source_matches import SourceMatches, match_sources
from memcli.core.sources.source_reader import Reading, Skipped
from memcli.core.sources.source_reading import SourceReading
from memcli.core.worth.selection import WorthContext, WorthSelection, select
from memcli.index.database.view import View
from memcli.operations.bootstrap.bootstrapped import DIARIES, Bootstrapped, BootstrapRequest, SkippedSource, Watch
from memcli.operations.bootstrap.comparison import ChangeGate, OfferedChanges
from memcli.operations.bootstrap.known_claims import DecidedProposals, KnownClaims, decided_proposals
from memcli.operations.bootstrap.own_memories import OwnExtract, OwnMemoryContext, own_memories, own_readings
from memcli.operations.bootstrap.proposals import ProposalContext, Proposals, proposals, summaries
from memcli.operations.bootstrap.read_sources import (
    NamedTree,
    ReadSources,
    SourcePlace,
    sources_named,
    sources_of_code,
    sources_of_tree,
)
from memcli.operations.bootstrap.reading_cache import ReadingCache
from memcli.operations.bootstrap.source_changes import SourceChanges
from memcli.operations.bootstrap.source_history import SourceHistory
from memcli.operations.bootstrap.source_scan import SourceScan
from memcli.operations.bootstrap.source_trees import SourceTrees
from memcli.operations.bootstrap.stored_sources import StoredSources, stored_sources
from memcli.operations.bootstrap.true_dates import true_dates
from memcli.operations.views.reader import Reader
from memcli.operations.writing.author import Author, author_of
from memcli.operations.writing.record import record_entry
from memcli.selection import Selection
from memcli.workspace import Workspace

_EVERYTHING = BootstrapRequest()


def bootstrap(
    workspace: Workspace,
    request: BootstrapRequest = _EVERYTHING,
    tree: NamedTree | None = None,
    watch: Watch = lambda _what, _done, _total: None,
) -> Bootstrapped:
    """Propose memories from the repository's files and history, from the named files and directories, or from a tree.

    Raises NoStore, NotFound, Usage, Failure.
    """
    store_to_write(workspace.layout)
    layout, trees = workspace.layout, SourceTrees(workspace.excludes)
    root = Path(layout.worktree) if layout.worktree else None
    place = SourcePlace(workspace.config.directory, root, workspace.code, layout.common_dir)
    cache = ReadingCache(layout.mem_dir)
    scan = SourceScan(request, cache.reading, watch)
    sources = sources_of_tree(scan, trees, place, tree) if tree else _sources(scan, trees, place)
    cache.save()
    own, others = own_readings(sources.readings)
    sources = replace(sources, readings=others)
    at = workspace.odb.commit(place.code.commit).at if place.code else workspace.now
    selection = select(sources.readings, _context(sources, request, at), request.limit)
    session, is_new = _session(workspace.config.session, workspace.selection, request.verb)
    decided = decided_proposals(workspace.sessions, workspace.selection, session)
    call = _Call(place, trees, author_of(workspace.actor, session), decided, workspace.now)
    with Reader(workspace).view(session) as view:
        stored = stored_sources(view)
        matches = match_sources(stored.memories, sources.extracts, sources.was_read)
        result = _proposals(call, view, selection, matches, own)
    offered = _changes(call, stored, matches, result)
    answer = _answer(sources, selection, result, cache.unchanged, offered)
    edits = (*result.edits, *offered.edits)
    if not edits or request.dry_run:
        return answer
    summary = {"summary": f"{len(edits)} memories"}
    acknowledged = record_entry(workspace, workspace.actor.entry(request.verb, session, edits, summary))
    if is_new:
        workspace.selection.remember(acknowledged.session)
    return replace(answer, session=acknowledged.session, state=acknowledged.state)


@dataclass(frozen=True)
class _Call:
    """Where the sources of a call lie, who proposes, what is decided already, and when."""

    place: SourcePlace
    trees: SourceTrees
    author: Author
    decided: DecidedProposals
    now: datetime


def _proposals(
    call: _Call, view: View, selection: WorthSelection, matches: SourceMatches, own: Sequence[OwnExtract]
) -> Proposals:
    """What is new of what was selected, and of the memories that come with files of their own."""
    known, excludes = KnownClaims(view, call.decided), call.trees.excludes
    left_out = [each.extract.memory.id for some in selection.left.values() for each in some]
    undated = [each.extract for each in selection.kept if each.extract.memory.id not in matches.by_extract]
    dates = true_dates(call.place.code, call.place.common_dir, undated, call.now)
    commit = call.author.code_commit
    context = ProposalContext(dates, matches.by_extract, known.has, excludes, commit, left_out)
    result = proposals(selection.kept, context)
    taken = tuple(edit.path for edit in result.edits)
    return own_memories(own, OwnMemoryContext(view, known, excludes, call.author, taken)).with_others(result)


def _changes(call: _Call, stored: StoredSources, matches: SourceMatches, result: Proposals) -> OfferedChanges:
    """The changes of stored memories that follow from their sources."""
    documents = {memory_id: opened.document for memory_id, opened in stored.opened.items()}
    history = SourceHistory(call.trees, call.place.code)
    changes = SourceChanges(history, documents, result.ids, call.author.code_commit, call.now)
    return ChangeGate(stored, call.decided, call.trees.excludes, call.author).offered(changes.offered(matches))


def _context(sources: ReadSources, request: BootstrapRequest, at: datetime) -> WorthContext:
    return WorthContext(sources.prose, at, DIARIES in request.options or bool(request.paths), sources.named_files)


def _sources(scan: SourceScan, trees: SourceTrees, place: SourcePlace) -> ReadSources:
    paths = scan.request.paths
    return sources_named(scan, trees, place, paths) if paths else sources_of_code(scan, trees, place)


def _answer(
    sources: ReadSources,
    selection: WorthSelection,
    result: Proposals,
    unchanged: Mapping[str, int],
    offered: OfferedChanges,
) -> Bootstrapped:
    """The answer before anything is written."""
    return Bootstrapped(
        session=None,
        state="unchanged",
        found=len(result.found),
        known=len(result.found) - len(result.new),
        proposed=result.proposed,
        kinds=dict(Counter(proposal.memory.type for proposal in result.proposed)),
        refused=(*result.refused, *offered.refused),
        sources=tuple(summaries(sources.readings, selection, result, unchanged)),
        left=selection.left,
        skipped=(*_lines(sources.readings, lambda reading: reading.skipped), *result.skipped),
        notices=tuple(_lines(sources.readings, lambda reading: reading.notices)),
        named=sources.named,
        changes=offered.changes,
        documents=sources.documents,
    )


def _lines(
    readings: Iterable[SourceReading], lines_of: Callable[[Reading], Iterable[Skipped]]
) -> Iterator[SkippedSource]:
    for reading in readings:
        yield from (SkippedSource(reading.reader.name, line) for line in lines_of(reading.reading))


def _session(stated: str | None, selection: Selection, verb: str) -> tuple[str, bool]:
    """The session to write into, and whether it is to become the caller's: the one that is named, the caller's own
    where an earlier run has made it, else a new one."""
    if stated and (name := selection.writable()):
        return name, False
    own = selection.name or ""
    if re.fullmatch(rf"{verb}(?:-\d+)?", own) and selection.is_open(own):
        return own, False
    names = (verb, *(f"{verb}-{number}" for number in range(2, 10_000)))
    return next(name for name in names if not selection.is_open(name) and not selection.has_ended(name)), True
