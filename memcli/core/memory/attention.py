"""`attention`: what a person is to settle about a memory, as remarks of one line parted by `; `, which none holds."""

from __future__ import annotations

import re
from collections.abc import Sequence

from memcli.core.memory.fast_yaml import Value


def with_question(attention: Value, prefix: str, remark: str | None) -> str | None:
    """A memory's `attention` with one remark that begins so, in place of those it had; None where nothing is left."""
    return with_questions(attention, prefix, [remark] if remark else [])


def with_questions(attention: Value, prefix: str, remarks: Sequence[str]) -> str | None:
    """The same with any number of remarks; they stand where the first of the old ones did."""
    before = attention.split("; ") if isinstance(attention, str) else []
    place = next((number for number, one in enumerate(before) if one.startswith(prefix)), len(before))
    first, rest = before[:place], [one for one in before[place:] if not one.startswith(prefix)]
    return "; ".join([*first, *(_in_one_line(f"{prefix}{one}") for one in remarks), *rest]) or None


def _in_one_line(remark: str) -> str:
    return re.sub(r";(?= |$)", ",", " ".join(remark.splitlines()))
