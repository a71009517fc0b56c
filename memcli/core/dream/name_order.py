"""The order of the names in two texts: who does what to whom, and what comes first."""

from __future__ import annotations

import re

from memcli.core.text.analysis import UNSPACED
from memcli.core.text.claim_differences import matching_sentences

_INNER = r"(?<=[\w,;:)\"'*_] )[*_\"']{0,3}([A-Z][\w-]*)"
_NAME = re.compile(
    rf"{_INNER}|`([^`\n]+)`|(?<=[{UNSPACED}])([A-Za-z][A-Za-z0-9-]*)|([A-Za-z][A-Za-z0-9-]*)(?=[{UNSPACED}])"
)
_DAYS = "monday tuesday wednesday thursday friday saturday sunday montag dienstag mittwoch donnerstag freitag samstag"
_MONTHS = "january february march april may june july august september october november december"
_NO_NAMES = frozenset((*_DAYS.split(), *_MONTHS.split(), "i"))
"""Times, which stand anywhere in a sentence without changing what it says."""


def other_order(text: str, other: str) -> str:
    """`order Ada, Bob against Bob, Ada` where matching sentences have the same names in another order; else ''."""
    return next(filter(None, (_between(*sentences) for sentences in matching_sentences(text, other))), "")


def _between(sentence: str, match: str) -> str:
    names = _names(sentence) | _names(match)
    orders = [_in_order(side, names) for side in (sentence, match)]
    common = set(orders[0]) & set(orders[1])
    mine, theirs = ([name for name in order if name in common] for order in orders)
    first = next((place for place, name in enumerate(mine) if name != theirs[place]), None)
    return "" if first is None else f"order {', '.join(mine[first:][:2])} against {', '.join(theirs[first:][:2])}"


def _names(sentence: str) -> frozenset[str]:
    """The names in a sentence; a word that only begins it is none."""
    found = {next(filter(None, groups)) for groups in _NAME.findall(sentence)}
    return frozenset(name for name in found if name.lower() not in _NO_NAMES)


def _in_order(sentence: str, names: frozenset[str]) -> list[str]:
    """These names in the order in which a sentence first has each of them."""
    alternatives = "|".join(sorted(map(re.escape, names), key=len, reverse=True))
    found = re.findall(rf"(?<![A-Za-z0-9_])(?:{alternatives})(?![A-Za-z0-9_])", sentence) if names else []
    return list(dict.fromkeys(found))
