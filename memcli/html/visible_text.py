"""The home of `visible`: untrusted text without characters that hide, reorder or break it."""

from __future__ import annotations

import re

_CONTROL = r"\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff"
_DIRECTION = r"\u061c\u200e\u200f\u202a-\u202e\u2066-\u206f"
_INVISIBLE = (
    r"\u00ad\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b\u2028\u2029\u2060-\u2065\u2800\u3164\ufeff\uffa0"
    r"\ufff0-\ufffb\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e0fff"
)
_JOINERS = r"\u200c\u200d\ufe00-\ufe0f"
"""Parts of emoji and of words in several scripts, but of nothing that is ASCII."""
_HIDDEN = re.compile(rf"[{_CONTROL}{_DIRECTION}{_INVISIBLE}]|(?<![^\x00-\x7f])[{_JOINERS}]")


def visible(text: str) -> str:
    """The text with control, direction and invisible characters as escapes such as `\\u202e`; tabs and ends of lines
    stay."""
    return _HIDDEN.sub(_escape, text.replace("\r\n", "\n"))


def _escape(match: re.Match[str]) -> str:
    number = ord(match[0])
    return f"\\x{number:02x}" if number < 0x100 else f"\\u{number:04x}" if number < 0x10000 else f"\\U{number:08x}"
