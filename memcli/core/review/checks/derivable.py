"""The check derivable: what the instruction files of a repository say already need not be a memory."""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterator, Sequence
from itertools import pairwise

from memcli.core.finding import Problem
from memcli.core.memory.memory import Memory
from memcli.core.review.checks.case import Case
from memcli.core.text.analysis import stems
from memcli.core.text.instruction_files import PROSE_FILES, PROSE_NAMES, README_NAMES, has_agent_rules
from memcli.core.text.marked_block import without_exports

CONTAINED_WORDS, CONTAINED_PAIRS, FEWEST_WORDS = 0.9, 0.6, 4
"""From where a body is derivable: shares of its stems and of its pairs of stems. Of 93 real memories beside their
README and CLAUDE.md none has more than 0.65 and 0.11; of the sentences of those files all have 1."""


def derivable(case: Case) -> Iterator[Problem]:
    """A body whose text is in files that agents read anyway."""
    if case.says_news and is_derivable(case.after, case.code.joined):
        step = "leave it out, unless it must be recalled without that file"
        yield Problem(f"{PROSE_NAMES} already say this", step)


def is_derivable(memory: Memory, joined: Callable[[tuple[str, ...]], str]) -> bool:
    """Whether files that agents read anyway say what a memory says; `joined`: the texts of those of the files there.

    A memory is not compared with the file that it was taken from, and rules for agents only with the README: they are
    memories so that agents of every make, and of other repositories, recall them. What `mem export` wrote into such a
    file is there because it is a memory.
    """
    origin = (memory.source.ref or "").partition("#")[0]
    files = README_NAMES if has_agent_rules(origin) else PROSE_FILES
    prose = joined(tuple(name for name in files if name != origin))
    return _is_contained(memory.body, without_exports(prose))


def _is_contained(body: str, prose: str) -> bool:
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
