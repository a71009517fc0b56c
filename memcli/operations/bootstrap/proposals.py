"""Proposals of `mem bootstrap`: what is selected of all that was read, dated and compared with what is known."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from memcli.core.finding import Finding, blocking
from memcli.core.memory.memory import Memory
from memcli.core.review.exclusion import Excludes
from memcli.core.sources.dating import dated_memory, redirected
from memcli.core.sources.source_reading import SourceReading
from memcli.core.worth.selection import WorthSelection
from memcli.core.worth.worth import WeighedExtract
from memcli.operations.bootstrap.bootstrapped import SkippedSource, SourceProposal, SourceSummary
from memcli.operations.writing.new_files import NewFile, new_files
from memcli.state.journal import FileEdit


@dataclass(frozen=True)
class Proposals:
    """`found`: all that is worth proposing, best first; `new`: what of it is not known yet; `refused`: the findings
    that keep new ones out; `edits`: the files of the others; `ids`: the id of an extract's memory → that under which it
    is stored or proposed, '' where it is neither; `skipped`: what is not proposed for another reason."""

    found: tuple[SourceProposal, ...]
    new: tuple[SourceProposal, ...]
    refused: tuple[Finding, ...]
    edits: tuple[FileEdit, ...]
    ids: Mapping[str, str]
    skipped: tuple[SkippedSource, ...] = ()

    @property
    def proposed(self) -> tuple[SourceProposal, ...]:
        """The new ones that nothing keeps out."""
        ids = {edit.id for edit in self.edits}
        return tuple(proposal for proposal in self.new if proposal.memory.id in ids)


@dataclass(frozen=True)
class ProposalContext:
    """What proposals depend on beside what was read: `dates`: `source.ref` → date of its lines; `stored`: the id of an
    extract's memory → the stored memory that it corresponds to; `is_known`: whether a memory needs no proposal;
    `commit`: of the code, abbreviated; `left_out`: ids of extracts' memories that are not proposed, links to which
    become plain names."""

    dates: Mapping[str, datetime]
    stored: Mapping[str, Memory]
    is_known: Callable[[Memory], bool]
    excludes: Excludes | None
    commit: str | None
    left_out: Collection[str] = ()


def proposals(kept: Sequence[WeighedExtract], context: ProposalContext) -> Proposals:
    """What is proposed of the extracts that are worth it, best first."""
    dated = [dated_memory(each.extract, context.dates) for each in kept]
    ids: dict[str, str] = dict.fromkeys(context.left_out, "")
    ids.update((each.extract.memory.id, memory.id) for each, memory in zip(kept, dated, strict=True))
    ids.update((extract_id, memory.id) for extract_id, memory in context.stored.items())
    found: dict[str, SourceProposal] = {}
    new: dict[str, SourceProposal] = {}
    for each, memory in zip(kept, dated, strict=True):
        proposal = _proposal(redirected(memory, ids), each, context.commit)
        found.setdefault(memory.id, proposal)
        if each.extract.memory.id not in context.stored and not context.is_known(proposal.memory):
            new.setdefault(memory.id, proposal)
    files = list(new_files([proposal.memory for proposal in new.values()], context.excludes))
    refused = tuple(finding for file in files for finding in _refusals(file))
    edits = tuple(file.edit for file in files if not blocking(file.findings))
    return Proposals(tuple(found.values()), tuple(new.values()), refused, edits, ids)


def _proposal(memory: Memory, weighed: WeighedExtract, commit: str | None) -> SourceProposal:
    source = memory.source
    if not (source.session or source.reader):  # a memory that mem has exported says itself where it comes from
        source = replace(source, commit=commit, reader=weighed.reader.name)
    return SourceProposal(replace(memory, source=source), weighed.reader.name, weighed.worth.score)


def _refusals(file: NewFile) -> list[Finding]:
    """The blocking findings about a file, each with the memory's source."""
    source = file.memory.source.ref
    return [replace(finding, message=f"{source}: {finding.message}") for finding in blocking(file.findings)]


def summaries(
    readings: Sequence[SourceReading],
    selection: WorthSelection,
    result: Proposals,
    unchanged: Mapping[str, int],
) -> Iterator[SourceSummary]:
    """What became of the files of each reader, in the order of the registry."""
    titles = {reading.reader.name: reading.reader.title for reading in readings}
    files = Counter(dict.fromkeys(titles, 0))
    for reading in readings:
        files[reading.reader.name] += len(reading.unit.paths)
    proposed = Counter(proposal.reader for proposal in result.proposed)
    found = Counter(proposal.reader for proposal in result.found)
    new = Counter(proposal.reader for proposal in result.new)
    left = Counter(each.reader.name for some in selection.left.values() for each in some)
    for name, title in titles.items():
        yield SourceSummary(
            name, title, files[name], unchanged.get(name, 0), proposed[name], found[name] - new[name], left[name]
        )
