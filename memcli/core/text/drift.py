"""Drift: whether a change of an anchored file may concern what the memory says."""

from __future__ import annotations

import re

from memcli.core.text.first_few import first_few

REWRITTEN = 0.5
"""A file that kept a smaller share of its lines counts as rewritten."""
MOST_BYTES = 1 << 18
"""Size of the largest file that is read: from part of a file nobody can tell what was removed."""
BINARY_PREFIX = 8_000
"""A NUL among so many first bytes marks a file as binary, as in git."""
_CODE = re.compile(r"[^_]_+[^_]|[a-z][A-Z]|[0-9]|^_*[A-Z]{4,}_*$")


def describe_drift(path: str, text: str, before: bytes, after: bytes) -> str:
    """What changed in a file that may concern a memory with this text; '' where nothing it names was removed."""
    if b"\0" in before[:BINARY_PREFIX] or b"\0" in after[:BINARY_PREFIX]:
        return f"{path} has changed"
    old, new = (data.decode("utf-8", "replace") for data in (before, after))
    removed = sorted(_code_words(text) & _words(old) - _words(new))
    if removed:
        return f"{path} no longer has {first_few(removed)}"
    lines = {line.strip() for line in old.splitlines() if line.strip()}
    kept = lines & {line.strip() for line in new.splitlines()}
    return f"{path} was mostly rewritten" if len(kept) < REWRITTEN * len(lines) else ""


def _code_words(text: str) -> set[str]:
    """The code words and numbers of a text as written (`retry_later`, `retryLater`, `RETRIES`, `7`), and the words in
    backticks."""
    quoted = {word for span in re.findall(r"`([^`\n]+)`", text) for word in _words(span) if len(word) > 2}
    return quoted | {word for word in _words(text) if _CODE.search(word)}


def _words(text: str) -> set[str]:
    return set(re.findall(r"\w+", text))
