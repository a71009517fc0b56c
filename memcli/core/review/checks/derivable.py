"""The check derivable: what the instruction files of a repository say already need not be a memory."""

from __future__ import annotations

import functools
from collections.abc import Iterator, Sequence
from itertools import pairwise

from memcli.core.finding import Problem
from memcli.core.review.checks.case import Case
from memcli.core.text.analysis import stems
from memcli.core.text.instruction_files import PROSE_FILES, PROSE_NAMES

CONTAINED_WORDS, CONTAINED_PAIRS, FEWEST_WORDS = 0.9, 0.6, 4
"""From where a body is derivable: shares of its stems and of its pairs of stems. Of 93 real memories beside their
README and CLAUDE.md none has more than 0.65 and 0.11; of the sentences of those files all have 1."""


def derivable(case: Case) -> Iterator[Problem]:
    """A body whose text is in files that agents read anyway."""
    if case.says_news and contained(case.after.body, case.code.joined(PROSE_FILES)):
        step = "leave it out, unless it must be recalled without that file"
        yield Problem(f"{PROSE_NAMES} already say this", step)


def contained(body: str, prose: str) -> bool:
    """Whether at least 90 % of a body stands in the prose: its words, and most of them in the same order."""
    own = stems(body)
    if len(own) < FEWEST_WORDS:
        return False
    words, pairs = _prose_terms(prose)
    return _share(own, words) >= CONTAINED_WORDS and _share(list(pairwise(own)), pairs) >= CONTAINED_PAIRS


@functools.lru_cache(maxsize=2)
def _prose_terms(prose: str) -> tuple[frozenset[str], frozenset[tuple[str, str]]]:
    terms = stems(prose)
    return frozenset(terms), frozenset(pairwise(terms))


def _share(items: Sequence[object], known: frozenset[object]) -> float:
    distinct = set(items)
    return len(distinct & known) / len(distinct)
