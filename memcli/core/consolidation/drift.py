"""Drift: whether the code that a memory is about has changed in a way that may concern what the memory says."""

from __future__ import annotations

from memcli.core import analysis
from memcli.core.enumeration import first_few

KEPT = 0.5
"""A file of which fewer lines are left was rewritten."""
READ = 1 << 18
"""Bytes of a file that are looked at."""


def drift(path: str, said: str, before: bytes, after: bytes) -> str:
    """What is to be told of a file that changed: `` where nothing that the memory names has gone from it."""
    old, new = (data[:READ].decode("utf-8", "replace") for data in (before, after))
    gone = sorted(_named(said) & _terms(old) - _terms(new))
    if gone:
        return f"{path} no longer has {first_few(gone)}"
    lines = {line.strip() for line in old.splitlines() if line.strip()}
    left = lines & {line.strip() for line in new.splitlines()}
    return f"{path} was mostly rewritten" if len(left) < KEPT * len(lines) else ""


def _named(said: str) -> set[str]:
    """The code words and numbers of a memory's text."""
    words = {analysis.whole(word) for word in analysis.compounds(said)}
    return {word for word in words if word} | {word for word in analysis.words(said) if word.isdigit()}


def _terms(text: str) -> set[str]:
    return {analysis.whole(word) for word in analysis.compounds(text)} | set(analysis.words(text))
