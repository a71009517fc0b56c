"""Proposals of `mem bootstrap`: what is selected of all that was read, dated and compared with what is known."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from memcli.core.finding import Finding, blocking
from memcli.core.memory.memory import Memory
from memcli.core.review.exclusion import Excludes
from memcli.core.sources.dating import dated_memories
from memcli.core.sources.source_reading import SourceReading
from memcli.core.worth.selection import WorthSelection
from memcli.core.worth.worth import WeighedExtract
from memcli.operations.bootstrap.bootstrapped import SourceProposal, SourceSummary
from memcli.operations.writing.new_files import NewFile, new_files
from memcli.state.journal import FileEdit


@dataclass(frozen=True)
class Proposals:
    """`found`: all that is worth proposing, best first; `new`: what of it is not known yet; `refused`: the findings
    that keep new ones out; `edits`: the files of the others."""

    found: tuple[SourceProposal, ...]
    new: tuple[SourceProposal, ...]
    refused: tuple[Finding, ...]
    edits: tuple[FileEdit, ...]

    @property
    def proposed(self) -> tuple[SourceProposal, ...]:
        """The new ones that nothing keeps out."""
        ids = {edit.id for edit in self.edits}
        return tuple(proposal for proposal in self.new if proposal.memory.id in ids)


def proposals(
    selection: WorthSelection, is_known: Callable[[Memory], bool], excludes: Excludes | None, commit: str | None
) -> Proposals:
    """What a selection proposes; `commit`: the commit of the code, abbreviated."""
    found = dated_proposals(selection.kept, commit)
    new = tuple(proposal for proposal in found if not is_known(proposal.memory))
    files = list(new_files([proposal.memory for proposal in new], excludes))
    refused = tuple(finding for file in files for finding in _refusals(file))
    return Proposals(found, new, refused, tuple(file.edit for file in files if not blocking(file.findings)))


def dated_proposals(kept: Sequence[WeighedExtract], commit: str | None) -> tuple[SourceProposal, ...]:
    """The memories of weighed extracts, each once, with dates and ids, and with what they came from."""
    weighed = {_place(each.extract.memory): each for each in reversed(kept)}
    memories = dated_memories([each.extract for each in kept], {})
    return tuple(_proposal(memory, weighed[_place(memory)], commit) for memory in memories)


def _proposal(memory: Memory, weighed: WeighedExtract, commit: str | None) -> SourceProposal:
    source = memory.source
    if not (source.session or source.commit):  # a memory that mem has exported says itself where it comes from
        source = replace(source, commit=commit, reader=weighed.reader.name)
    return SourceProposal(replace(memory, source=source), weighed.reader.name, weighed.worth.score)


def _place(memory: Memory) -> tuple[str, str]:
    """What dating leaves as it is."""
    return memory.source.ref or "", memory.title


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
