"""Links between memories in a body: `[[ID]]` and `[[ID|label]]`, found outside of code and put in other words."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import NamedTuple

_CODE = r"```.*?(?:```|\Z)|`[^`\n]*`"
_LINK = re.compile(
    rf"{_CODE}|\[\[(?P<target>[0-9A-Za-z]{{6,26}})(?:…|\.\.\.)?(?:\|(?P<label>[^\[\]\n]*))?\]\]", re.DOTALL
)


class BodyLink(NamedTuple):
    """A link as it is written: the id that it names, whole or a part, its label (None: it has none), and its text."""

    target: str
    label: str | None
    text: str


def relinked(body: str, written: Callable[[BodyLink], str]) -> str:
    """The body with each link as `written` puts it; links in code are not links."""

    def replaced(match: re.Match[str]) -> str:
        if match["target"] is None:
            return match[0]
        return written(BodyLink(match["target"], match["label"], match[0]))

    return _LINK.sub(replaced, body) if "[[" in body else body
