"""What is not right yet: title of a fact → programs. A test fails when one of these has become right."""

from __future__ import annotations

PENDING: dict[str, tuple[str, ...]] = {
    "resumed: no second pack": ("claude-2.1.197", "claude-2.1.332", "codex-0.171.0", "opencode-1.18.33"),
}
