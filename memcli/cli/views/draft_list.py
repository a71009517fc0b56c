"""The list of drafts: texts from an editor that could not be recorded."""

from __future__ import annotations

from datetime import UTC, datetime

from memcli.cli.options import Call
from memcli.cli.views.output import emit, printable
from memcli.cli.views.quantities import time_ago
from memcli.operations.writing.kept_drafts import Draft, list_drafts


def show_drafts(call: Call) -> None:
    """Print every draft, and the command that goes on with it."""
    drafts = list_drafts(call.workspace)
    data = {"drafts": [{"name": draft.name, "path": str(draft.file), "modified": _modified(draft),
                        "command": draft.command} for draft in drafts]}  # fmt: skip
    lines = [f"{time_ago(_modified(draft), call.workspace.now):>10}  {draft.command}" for draft in drafts]
    emit(call, "drafts", data, lambda: printable("\n".join(lines)) or "no drafts")


def _modified(draft: Draft) -> datetime:
    return datetime.fromtimestamp(int(draft.file.stat().st_mtime), UTC)
