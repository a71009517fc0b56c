"""Drift: whether the code that a memory is about has changed in a way that may concern what the memory says."""

from __future__ import annotations

import re

from memcli.core.text.enumeration import first_few

KEPT = 0.5
"""A file of which fewer lines are left was rewritten."""
READ = 1 << 18
"""Bytes of a file that is looked at: of a part of one nobody can say what has gone from it."""
BINARY = 8_000
"""A NUL among so many bytes tells that a file is no text, as in git."""
_CODE = re.compile(r"[^_]_+[^_]|[a-z][A-Z]|[0-9]|^_*[A-Z]{4,}_*$")


def drift(path: str, said: str, before: bytes, after: bytes) -> str:
    """What is to be told of a file that changed: `` where nothing that the memory names has gone from it."""
    if b"\0" in before[:BINARY] or b"\0" in after[:BINARY]:
        return f"{path} has changed"
    old, new = (data.decode("utf-8", "replace") for data in (before, after))
    gone = sorted(_named(said) & _words(old) - _words(new))
    if gone:
        return f"{path} no longer has {first_few(gone)}"
    lines = {line.strip() for line in old.splitlines() if line.strip()}
    left = lines & {line.strip() for line in new.splitlines()}
    return f"{path} was mostly rewritten" if len(left) < KEPT * len(lines) else ""


def _named(said: str) -> set[str]:
    """The code words and numbers of a memory's text, as written: `retry_later`, `retryLater`, `RETRIES`, `7`, and
    whatever stands in backticks."""
    quoted = {word for span in re.findall(r"`([^`\n]+)`", said) for word in _words(span) if len(word) > 2}
    return quoted | {word for word in _words(said) if _CODE.search(word)}


def _words(text: str) -> set[str]:
    return set(re.findall(r"\w+", text))
