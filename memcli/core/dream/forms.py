"""Forms: many texts of one shape with different values in it, such as one sentence for each service.

Many wordings of one claim are no form: what they have beside the common words is nothing, or no value.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence

from memcli.core.dream.resemblance import TextProfile
from memcli.core.text.analysis import stems
from memcli.core.text.similarity import jaccard

CROWD = 5
"""Texts that resemble each other from which they may be a form."""
COMMON = 0.8
"""The share of a crowd that has a word of its form, and that has a value of its own in it."""
WITH_VALUE = 0.5
"""The share of a crowd whose own words are values: numbers, names or code."""
SAME_VALUES = 0.5
"""Jaccard index of two fillings from which they are the same one."""
_VALUE = re.compile(r"\S*\d\S*|(?<=[\w,;:)] )[A-Z]\S*|\S*[a-z][A-Z_/]\S*|`[^`\n]+`")


def without_other_fillings(profile: TextProfile, others: Mapping[str, TextProfile]) -> list[str]:
    """The ids of the texts that resemble one, without those that fill in the same form with other values."""
    crowd = [profile, *others.values()]
    fillings = _fillings(crowd) if len(crowd) >= CROWD else None
    if fillings is None:
        return list(others)
    own, *rest = fillings
    return [memory_id for memory_id, filling in zip(others, rest, strict=True) if _same(own, filling)]


def _fillings(crowd: Sequence[TextProfile]) -> list[frozenset[str]] | None:
    """What each text has beside the words of the form; None where the texts are no form."""
    term_sets = [frozenset(profile.terms) for profile in crowd]
    counts = Counter(term for terms in term_sets for term in terms)
    form = {term for term, count in counts.items() if count >= COMMON * len(crowd)}
    fillings = [terms - form for terms in term_sets]
    filled = sum(map(bool, fillings))
    with_value = sum(not filling.isdisjoint(_values(profile)) for profile, filling in zip(crowd, fillings, strict=True))
    return fillings if filled >= COMMON * len(crowd) and with_value >= WITH_VALUE * len(crowd) else None


def _values(profile: TextProfile) -> frozenset[str]:
    """The stems of the numbers, names and code words of a text."""
    return frozenset(stems(" ".join(_VALUE.findall(profile.own_text))))


def _same(mine: frozenset[str], theirs: frozenset[str]) -> bool:
    return mine == theirs or jaccard(mine, theirs) >= SAME_VALUES
