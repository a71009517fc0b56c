"""`attention`: what a person is to settle about a memory, as remarks of one line parted by `; `."""

from __future__ import annotations

from collections.abc import Sequence

from memcli.core.plain import Value


def with_remark(attention: Value, prefix: str, remark: str | None) -> str | None:
    """A memory's `attention` with one remark that begins so, in place of those it had; None where nothing is left."""
    return with_remarks(attention, prefix, [remark.replace("; ", ", ")] if remark else [])


def with_remarks(attention: Value, prefix: str, remarks: Sequence[str]) -> str | None:
    """The same with any number of remarks, none of which holds `; `; they stand where the first of the old ones did."""
    before = [one for one in attention.split("; ") if one] if isinstance(attention, str) else []
    place = next((number for number, one in enumerate(before) if one.startswith(prefix)), len(before))
    first, rest = before[:place], [one for one in before[place:] if not one.startswith(prefix)]
    return "; ".join([*first, *(f"{prefix}{one}" for one in remarks), *rest]) or None
