"""What the subject of a commit names: the things that it changes, and those that it brings in."""

from __future__ import annotations

import re

from memcli.core.sources.passage_text import word_list

_ADOPTED = re.compile(
    r"(?i)\b(?:replac\w* .{1,80}? (?:with|by)|(?:switch|migrat|mov)\w* (?:.{1,80}? )?to|adopt\w*|us(?:e|ing)|prefer\w*|"
    r"standardi[sz]e on|in favou?r of)\s+(.{2,60}?)"
    r"(?=\s+(?:instead|rather|over|for|in|on|when|where|at|as|from|if|to|by)\b|[,;:()]|$)"
)
_PREFIX = re.compile(r"^(?:\[[^\]]{1,30}\] ?|[\w./-]{1,60}(?:\([^)]{0,60}\))?!?: ){1,3}")
_NUMBER = re.compile(r"\(?#\d+\)?")
_NOT_NAMES = word_list(
    """
    a an the and or of to from with by for in on at as is are be it its this that all any more most some own new old
    use uses used using usage switch switches switched switching replace replaces replaced replacing migrate migrates
    migrated migrating move moves moved moving adopt drop drops dropped remove removes removed removing stop stops
    support supports supporting supported deprecate deprecates deprecated revert reverts reverted prefer prefers require
    requires instead rather than over back away off no longer not only when where if so do does add adds added adding
    make makes set sets allow allows enable enables disable disables change changes changed update updates improve
    implementation library libraries package packages crate crates module modules dependency dependencies version
    versions code function functions method default feature builtin custom internal version built-in
    """
)


def named_things(subject: str) -> frozenset[str]:
    """The words of a subject that name something."""
    text = _NUMBER.sub(" ", _PREFIX.sub("", subject[:300])).lower()
    words = re.findall(r"[^\W_][\w.+-]*[^\W_]|\d+", text)
    parts = (part for word in words for part in re.split(r"[-_.](?=[^\W\d])", word))
    return frozenset(part for part in parts if part not in _NOT_NAMES)


def adopted_things(subject: str) -> frozenset[str]:
    """The names of what a subject brings in: B of "replace A with B", "switch to B", "use B instead of A"."""
    adopted = _ADOPTED.search(_PREFIX.sub("", subject[:300]))
    words = re.findall(r"[^\W\d_][\w.+-]*[^\W_]", adopted[1]) if adopted else []
    return frozenset(word for word in words if word.lower() not in _NOT_NAMES)


def share_of_names(one: frozenset[str], other: frozenset[str]) -> float:
    """The part of the shorter list of names that the other has too, 0 where one of them is empty."""
    shorter = min(len(one), len(other))
    return len(one & other) / shorter if shorter else 0.0
