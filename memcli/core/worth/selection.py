"""Which extracts are proposed, best first, and why the others are not.

All extracts are weighed and ranked, near-copies are folded, and what is not worth keeping is left out with its reason.
Then the limit is cut: first each source has at most `SHARE` of it and each file at
most `PER_FILE` passages, then the best of the rest fill what is left, so a
hundred decision records leave room for the rules and nothing worse displaces them. Records that supersede each other
stay together.

Invariant: the same extracts in any order give the same selection.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from memcli.core.review.checks.derivable import is_derivable
from memcli.core.sources.source_reading import SourceReading
from memcli.core.text.instruction_files import PROSE_NAMES
from memcli.core.worth.extract_facts import DECISIONS, HISTORY, OWNERS, ExtractFacts
from memcli.core.worth.left_out import reason_to_leave_out
from memcli.core.worth.lineages import lineages
from memcli.core.worth.links import links_to
from memcli.core.worth.near_copies import near_copies
from memcli.core.worth.score import SOURCES, minimum, score
from memcli.core.worth.worth import WeighedExtract, Worth

DEFAULT_LIMIT = 60
SHARE = 0.7
"""Of the limit that one source has while others have something to propose."""
PER_FILE = 8
"""Passages of one file, while other files have something to propose."""
PARTS = {HISTORY: 12, OWNERS: 12}
"""Of the limit a twelfth at most: a message tells why the code changed then, not what holds now, and of many owners a
few are worth reading."""
OVER_LIMIT = "over the limit"
DIARY = "a diary entry"
NOTHING_CERTAIN = "no rule, reason or step"
A_NEAR_COPY = "a near-copy of"
NEAR_COPY = f"{A_NEAR_COPY} another"
DERIVABLE = f"{PROSE_NAMES} say it already"


@dataclass(frozen=True)
class WorthContext:
    """What an extract is weighed against: `prose`: {name: text} of the files that agents read anyway; `at`: the time of
    the call; `diaries`: whether entries about a day are wanted; `named`: files that a person named, whose passages are
    proposed whatever their score."""

    prose: Mapping[str, str]
    at: datetime
    diaries: bool = False
    named: frozenset[str] = frozenset()
    _joined: dict[tuple[str, ...], str] = field(default_factory=dict, repr=False, compare=False)

    def joined(self, names: tuple[str, ...]) -> str:
        """The texts of those of the files that are there."""
        if names not in self._joined:
            self._joined[names] = "\n".join(self.prose[name] for name in names if name in self.prose)
        return self._joined[names]


@dataclass(frozen=True)
class WorthSelection:
    """`kept`: what is proposed, best first; `left`: reason → the rest, best first."""

    kept: tuple[WeighedExtract, ...]
    left: Mapping[str, tuple[WeighedExtract, ...]]


def select(
    readings: Sequence[SourceReading], context: WorthContext, limit: int | None = DEFAULT_LIMIT
) -> WorthSelection:
    """The best `limit` extracts (None: all that are worth it) of all readings."""
    ranked = _ranked(_subjects(readings), context.at)
    reasons = {id(subject): _reason(subject, points, context) for subject, points in ranked}
    worthy = [subject for subject, _ in ranked if not reasons[id(subject)]]
    originals = {id(subject): original for subject, original in near_copies(worthy) if original}
    reasons.update({key: f"{A_NEAR_COPY} {original.title}" for key, original in originals.items()})
    weighed = [_weighed(subject, points, reasons[id(subject)]) for subject, points in ranked]
    kept, over = _cut([each for each in weighed if not each.worth.left_out], limit)
    return WorthSelection(tuple(kept), _by_reason([each for each in weighed if each.worth.left_out] + over))


def _by_reason(left: Iterable[WeighedExtract]) -> dict[str, tuple[WeighedExtract, ...]]:
    """{reason: extracts}, all near-copies under one reason."""
    groups: defaultdict[str, list[WeighedExtract]] = defaultdict(list)
    for each in left:
        reason = each.worth.left_out
        groups[NEAR_COPY if reason.startswith(A_NEAR_COPY) else reason].append(each)
    return {reason: tuple(group) for reason, group in sorted(groups.items())}


def _subjects(readings: Iterable[SourceReading]) -> Iterator[ExtractFacts]:
    pairs = [(extract, reading.reader) for reading in readings for extract in reading.reading.extracts]
    links = links_to(extract for extract, _ in pairs)
    return (ExtractFacts(extract, reader, links[extract.path]) for extract, reader in pairs)


def _ranked(subjects: Iterable[ExtractFacts], at: datetime) -> list[tuple[ExtractFacts, float]]:
    scored = [(subject, score(subject, at)) for subject in subjects]
    return sorted(scored, key=lambda pair: (-pair[1], *_order(pair[0])))


def _order(subject: ExtractFacts) -> tuple[bool, str, int, str, str]:
    return subject.extract.diary, subject.extract.path, subject.extract.line, subject.title, subject.memory.id


def _reason(subject: ExtractFacts, points: float, context: WorthContext) -> str:
    """Why a subject is left out by itself, '' where it is not."""
    if subject.extract.diary and not context.diaries:
        return DIARY
    is_named = subject.extract.path in context.named
    reason = "" if is_named else reason_to_leave_out(subject)
    if not reason and is_derivable(subject.memory, context.joined):
        return DERIVABLE
    is_kept = is_named or subject.reader.name == DECISIONS or subject.reader.name not in SOURCES
    return reason or (NOTHING_CERTAIN if points < minimum(subject) and not is_kept else "")


def _weighed(subject: ExtractFacts, points: float, reason: str = "") -> WeighedExtract:
    return WeighedExtract(subject.extract, subject.reader, Worth(points, reason))


def _cut(ranked: Sequence[WeighedExtract], limit: int | None) -> tuple[list[WeighedExtract], list[WeighedExtract]]:
    """The best `limit`, in order, and the rest."""
    if limit is None:
        return list(ranked), []
    families = lineages(ranked)
    several = len({each.reader.name for each in ranked}) > 1
    shares = _Shares(limit, max(1, int(limit * SHARE)) if several else limit, PER_FILE)
    shared = _fill(families, shares, frozenset())
    chosen = _fill(families, _Shares(limit, limit, limit), shared)
    kept = [each for each in ranked if id(each) in chosen]
    over = [_over(each) for each in ranked if id(each) not in chosen]
    return kept, over


@dataclass(frozen=True)
class _Shares:
    """How many extracts are proposed: in all, of one source, and of one file."""

    limit: int
    source: int
    file: int

    def of(self, reader: str) -> int:
        """How many extracts of a reader are proposed."""
        return min(self.source, self.limit // PARTS[reader]) if reader in PARTS else self.source


def _fill(families: Sequence[tuple[WeighedExtract, ...]], shares: _Shares, chosen: frozenset[int]) -> frozenset[int]:
    """The ids of `chosen` and of the best families that fit into the shares."""
    filled = set(chosen)
    sources: Counter[str] = Counter()
    files: Counter[str] = Counter()
    for family in families:
        source, file = family[0].reader.name, family[0].extract.path
        room = (shares.limit - len(filled), shares.of(source) - sources[source], shares.file - files[file])
        if id(family[0]) in chosen or len(family) <= min(room):
            filled.update(map(id, family))
            sources[source] += len(family)
            files[file] += len(family)
    return frozenset(filled)


def _over(weighed: WeighedExtract) -> WeighedExtract:
    return WeighedExtract(weighed.extract, weighed.reader, Worth(weighed.worth.score, OVER_LIMIT))
