"""The instant that `--since` names: a date, an RFC 3339 time, or a span before now such as `7d`."""

from __future__ import annotations

import re
from datetime import datetime, timedelta

from memcli.core.memory.instants import parse_instant
from memcli.errors import Usage

_HOURS = {"h": 1, "d": 24, "w": 7 * 24}
SINCE_HELP = "a date, an RFC 3339 time, or a span such as 12h, 7d or 4w"


def since_instant(text: str, now: datetime) -> datetime:
    """The instant. Raises Usage."""
    span = re.fullmatch(r"(\d{1,6})([hdw])", text.strip().lower())
    try:
        return now - timedelta(hours=int(span[1]) * _HOURS[span[2]]) if span else parse_instant(text.strip())
    except (ValueError, OverflowError) as error:
        raise Usage(f"--since: not a date or a span: {text[:60]!r}", f"write {SINCE_HELP}") from error
