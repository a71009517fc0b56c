"""The results of `mem hooks install`, `uninstall` and `status`."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from memcli.cli.options import Call
from memcli.cli.views.output import emit, note, printable
from memcli.cli.views.terminal import coloured_diff

if TYPE_CHECKING:
    from memcli.operations.hooks.file_change import TargetChange
    from memcli.operations.hooks.hooks_status import HookStatus
    from memcli.operations.hooks.install import HookChanges


_PLANNED = {"created": "would create", "changed": "would change", "removed": "would remove"}
"""What a dry run says for each action."""


def show_changes(call: Call, command: str, installed: HookChanges, dry_run: bool) -> None:
    """Print each changed file with its diff, and what has to be added by hand."""
    trust = [{"agent": agent, "file": file, **trust._asdict()} for agent, file, trust in installed.gates]
    data = {"changes": [vars(change) for change in installed.changes], "dry_run": dry_run, "trust": trust}
    lines = [line for change in installed.changes for line in _change_lines(call, change, dry_run)]
    emit(call, command, data, lambda: "\n".join(lines) or "nothing to do", installed.remarks)
    if dry_run:
        note(call, "nothing was written")


def _change_lines(call: Call, change: TargetChange, dry_run: bool) -> Iterator[str]:
    reason = f": {change.message}" if change.action == "refused" else ""
    action = _PLANNED.get(change.action, change.action) if dry_run else change.action
    yield printable(f"{action} {change.agent}: {change.file}{reason}")
    if change.diff:
        diff = change.diff.rstrip("\n")
        yield coloured_diff(diff) if call.color else printable(diff)
    if change.snippet:
        yield "insert by hand:"
        yield printable(change.snippet.rstrip("\n"))


def show_snippets(call: Call, snippets: Sequence[tuple[str, str]]) -> None:
    """Print what to add to which file by hand."""
    data = {"snippets": [{"file": file, "snippet": snippet} for file, snippet in snippets]}
    lines = [printable(f"# {file}\n{snippet}") for file, snippet in snippets]
    emit(call, "hooks-print", data, lambda: "\n".join(lines))


def show_installations(call: Call, installations: Sequence[HookStatus]) -> None:
    """Print where hooks are installed, and whether they are current and reach mem."""
    data = {"hooks": [{**vars(row), "ok": row.ok} for row in installations]}
    text = "\n".join(map(_installation_line, installations))
    emit(call, "hooks-status", data, lambda: text or "no hooks installed, and no harness in use here")


def _installation_line(installation: HookStatus) -> str:
    mark = _mark(installation)
    scope = f" ({installation.scope})" if installation.scope else ""
    place = f"{scope} {installation.file}" if installation.installed else ""
    message = f": {installation.message}" if installation.message else ""
    following = f"\n    {installation.next}" if installation.next else ""
    return printable(f"{mark} {installation.agent}{place}{message}{following}")


def _mark(installation: HookStatus) -> str:
    if not installation.installed:
        return "-  "
    return "!  " if installation.waits else "ok " if installation.ok else "BAD"
