"""Questions about pairs of memories, few enough to answer: one for a group of wordings, in a crowd only the nearest."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import combinations

from memcli.core.dream.forms import CROWD
from memcli.core.dream.near_duplicates import PairAction
from memcli.core.dream.steps import ATTENTION, MERGE, Step
from memcli.core.memory.questions import CONTRADICTION, NEAR_DUPLICATE

MOST_NAMED = 10
"""Other memories that one question names."""
PairActions = Mapping[tuple[str, str], PairAction]
"""(elder, younger) ids → what to ask about the two, the most similar pairs of a younger one first."""
Difference = Callable[[str, str], str]
"""What the memories with two ids claim differently; '' for nothing."""


def pair_questions(pairs: PairActions, difference: Difference) -> Iterator[Step]:
    """The questions about these pairs; each memory of a pair is named in one of them."""
    yield from _about_claims({pair: action for pair, action in pairs.items() if action.kind != NEAR_DUPLICATE})
    reasons = {pair: action.reason for pair, action in pairs.items() if action.kind == NEAR_DUPLICATE}
    yield from _about_groups(reasons, difference)


def _about_claims(pairs: PairActions) -> Iterator[Step]:
    """A question for each pair; in a crowd only about the nearest one of each memory."""
    counts, asked = Counter(younger for _, younger in pairs), set[str]()
    for (elder, younger), action in pairs.items():
        if counts[younger] < CROWD or younger not in asked:
            yield Step(MERGE, younger, ATTENTION, action.reason, (elder,), action.kind)
        asked.add(younger)


def _about_groups(reasons: Mapping[tuple[str, str], str], difference: Difference) -> Iterator[Step]:
    """A question for each group of wordings: a memory, those with the most partners first, and all of these."""
    partners: dict[str, set[str]] = {}
    for elder, younger in reasons:
        partners.setdefault(elder, set()).add(younger)
        partners.setdefault(younger, set()).add(elder)
    for hub in sorted(partners, key=lambda memory_id: (-len(partners[memory_id]), memory_id)):
        group = sorted(partners[hub])
        for member in group:
            partners[member] -= {hub, *group}
        if len(group) == 1:
            elder, younger = (hub, group[0]) if (hub, group[0]) in reasons else (group[0], hub)
            yield Step(MERGE, younger, ATTENTION, reasons[elder, younger], (elder,), NEAR_DUPLICATE)
        elif group:
            pair = (hub, group[0]) if (hub, group[0]) in reasons else (group[0], hub)
            yield from _group_steps(hub, group, reasons[pair], difference)
        partners[hub] = set()


def _group_steps(hub: str, group: Sequence[str], reason: str, difference: Difference) -> Iterator[Step]:
    """The questions about a memory and its partners: a contradiction where any two of those named differ."""
    for start in range(0, len(group), MOST_NAMED):
        named = tuple(group[start : start + MOST_NAMED])
        differences = (difference(*pair) for pair in combinations((hub, *named), 2))
        differs = next(filter(None, differences), "")
        kind = CONTRADICTION if differs else NEAR_DUPLICATE
        yield Step(MERGE, hub, ATTENTION, differs or reason, named, kind)
