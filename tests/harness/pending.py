"""What is not right yet: title of a fact → programs. A test fails when one of these has become right."""

from __future__ import annotations

PENDING: dict[str, tuple[str, ...]] = {}
