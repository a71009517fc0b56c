"""What of a text is never written: packs that mem handed out, and private parts; and the findings that say so."""

from __future__ import annotations

from memcli.core.finding import INFO, Finding
from memcli.errors import Refused


def without_packs(text: str) -> str:
    """A body without what mem itself has handed out. Raises Refused where nothing else is in it."""
    from memcli.core.pack.frame import strip_packs

    left = strip_packs(text, torn=False)
    if text.strip() and not left.strip():
        raise Refused("echo: the text is only a context pack printed by mem", "write what is new in your own words")
    return left


def pack_left_out(memory_id: str, text: object) -> tuple[Finding, ...]:
    """The remark that a pack within a text was not written."""
    if not isinstance(text, str) or without_packs(text) == text:
        return ()
    return (Finding("echo", INFO, memory_id, "removed a context pack printed by mem"),)


def private_left_out(memory_id: str, count: int, where: str = "") -> tuple[Finding, ...]:
    """The remark that private parts of a text were not written."""
    if not count:
        return ()
    removed = "1 `<private>` block; its" if count == 1 else f"{count} `<private>` blocks; their"
    return (Finding("private", INFO, memory_id, f"{where}removed {removed} content was not stored"),)
