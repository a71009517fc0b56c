"""Times as the store writes them: UTC, RFC 3339, whole seconds; a bare date means 00:00 UTC."""

from __future__ import annotations

import re
from datetime import UTC, datetime

_INSTANT = re.compile(r"\d{4}-\d\d-\d\d([Tt ]\d\d:\d\d:\d\d(\.\d+)?([Zz]|[+-]\d\d:\d\d))?")


def parse_instant(text: str) -> datetime:
    """A date or an RFC 3339 time as an aware UTC datetime of whole seconds. Raises ValueError."""
    if not _INSTANT.fullmatch(text):
        raise ValueError(f"not a date (2026-11-20) or RFC 3339 time (2026-11-20T09:30:00Z): {text[:40]!r}")
    moment = datetime.fromisoformat(text.upper())
    if moment.tzinfo is None:
        return moment.replace(tzinfo=UTC)
    return moment.astimezone(UTC).replace(microsecond=0)


def format_instant(moment: datetime) -> str:
    """`2026-11-20T09:30:00Z`."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
