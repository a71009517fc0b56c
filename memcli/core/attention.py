"""`attention`: what a person is to settle about a memory, as remarks of one line parted by `; `."""

from __future__ import annotations

from memcli.core.plain import Value


def with_remark(attention: Value, prefix: str, remark: str | None) -> str | None:
    """A memory's `attention` with one remark that begins so, in place of those it had; None where nothing is left."""
    before = attention.split("; ") if isinstance(attention, str) else []
    others = [one for one in before if one and not one.startswith(prefix)]
    said = [f"{prefix}{remark.replace('; ', ', ')}"] if remark else []
    return "; ".join([*others, *said]) or None
