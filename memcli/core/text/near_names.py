"""What a mistyped name may have meant: the words that are spelled nearly alike."""

from __future__ import annotations

from collections.abc import Iterable

MOST = 3
"""Names that are offered at most."""


def near_names(text: str, names: Iterable[str]) -> list[str]:
    """The names most like a text, the best first; upper and lower case, `-` and `_` count as alike."""
    from difflib import get_close_matches  # only a caller who has mistyped something needs it

    by_key = {_key(name): name for name in names}
    text = _key(text[:80])
    longer = [key for key in sorted(by_key) if len(text) > 2 and key.startswith(text)]
    matches = dict.fromkeys([*get_close_matches(text, by_key, MOST), *longer])
    return [by_key[key] for key in matches][:MOST]


def did_you_mean(text: str, names: Iterable[str]) -> str:
    """`did you mean 'x'?` for the names most like a text; empty where none is."""
    near = " or ".join(f"'{name}'" for name in near_names(text, names))
    return f"did you mean {near}?" if near else ""


def _key(name: str) -> str:
    return name.lower().replace("_", "-")
