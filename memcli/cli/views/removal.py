"""What `mem uninstall` removes or would remove, and the question before it does."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

from memcli.cli.options import Call
from memcli.cli.views.output import emit, note, print_result, printable
from memcli.cli.views.quantities import quantity
from memcli.cli.views.terminal import confirm
from memcli.core.text.first_few import first_few
from memcli.errors import Usage
from memcli.operations.setup.removal import Removal

_MOST_NAMED = 5
_UNITS = ("bytes", "kB", "MB", "GB")


def show_plan(call: Call, removal: Removal) -> None:
    """Print what would be removed."""
    lines = ["would remove:", *_lines(removal), *_advice(removal)]
    emit(call, "uninstall", _data(removal, dry_run=True), lambda: printable("\n".join(lines)))


def show_removed(call: Call, removal: Removal, is_shown: bool) -> None:
    """Print what was removed, unless the person `is_shown` it already."""
    lines = ["mem is removed from this repository"] if is_shown else ["removed:", *_lines(removal)]
    emit(call, "uninstall", _data(removal, dry_run=False), lambda: printable("\n".join(lines)))
    if removal.is_kept:
        note(call, f"'git show {removal.branch}:MEMORY.md' reads what was kept; 'mem init' takes it up again")


def show_nothing_to_remove(call: Call, removal: Removal) -> None:
    """Print that nothing of mem is here."""
    kept = f"; the branch {removal.branch} stays" if removal.is_kept else ""
    emit(
        call, "uninstall", _data(removal, dry_run=False), lambda: f"nothing to remove: mem is not installed here{kept}"
    )


def may_remove(call: Call, removal: Removal, yes: bool) -> bool:
    """Whether a person agrees to what they are shown. Raises Usage without a terminal."""
    if yes or call.workspace.config.agent:  # agents are refused in any case
        return True
    if not call.may_prompt:
        raise Usage("'mem uninstall' requires a confirmation", "see '--dry-run', then add '--yes'")
    print_result(printable("\n".join(["this removes:", *_lines(removal), *_advice(removal)])))
    agreed = confirm("remove mem from this repository?")
    if not agreed:
        note(call, "nothing was removed")
    return agreed


def _lines(removal: Removal) -> Iterator[str]:
    yield from (f"  {line}" for line in _memory_lines(removal))
    yield from (f"  {line}" for line in _unreviewed_lines(removal))
    if removal.hooks:
        yield f"  hooks in {quantity(len(removal.hooks), 'file')}: {_named([change.file for change in removal.hooks])}"
    for directory in removal.directories:
        yield f"  {_relative(directory.path)} ({quantity(directory.files, 'file')}, {_size(directory.size)})"
    if removal.unsaved:
        yield f"  {quantity(len(removal.unsaved), 'file')} in no commit: {_named(removal.unsaved)}"
    if removal.settings:
        yield f"  git settings: {', '.join(removal.settings)}"
    if removal.foreign:
        yield f"not removed, since mem did not make it: {_named(removal.foreign)}"


def _memory_lines(removal: Removal) -> Iterator[str]:
    others = len(removal.refs) - (bool(removal.branch) and not removal.is_kept)
    if removal.branch and not removal.is_kept:
        only = f"; {quantity(removal.unpushed, 'commit')} on no remote" if removal.unpushed else ""
        yield f"the branch {removal.branch} ({quantity(removal.memories, 'memory', 'memories')}{only})"
    if others:
        yield f"{quantity(others, 'ref')} in refs/mem (sessions and what they keep)"


def _unreviewed_lines(removal: Removal) -> Iterator[str]:
    unreviewed = removal.unreviewed
    for session, count in unreviewed.candidates[:_MOST_NAMED]:
        yield f"{quantity(count, 'candidate')} of {session}, not promoted"
    if (more := len(unreviewed.candidates) - _MOST_NAMED) > 0:
        yield f"the candidates of {quantity(more, 'more session')}, not promoted"
    if unreviewed.queued:
        yield f"{quantity(unreviewed.queued, 'write')} that no session has yet"
    if unreviewed.drafts:
        yield f"{quantity(unreviewed.drafts, 'draft')} from an editor"
    if unreviewed.running:
        yield f"the sessions of agents that are at work now: {_named(unreviewed.running)}"


def _advice(removal: Removal) -> Iterator[str]:
    yield "all else stays byte for byte, and so do branches on remotes"
    if removal.refs:
        branch = "" if removal.is_kept else f" {removal.branch}"
        yield f"a copy of all refs: git bundle create mem.bundle{branch} --glob=refs/mem"
    if removal.is_kept:
        yield f"the branch {removal.branch} stays"


def _named(names: list[str] | tuple[str, ...]) -> str:
    return first_few(map(_relative, map(Path, names)), _MOST_NAMED)


def _relative(path: Path) -> str:
    """A path as seen from here, where that is shorter, and where here is not a directory that was removed."""
    try:
        return min(str(path), os.path.relpath(path), key=len) if path.is_absolute() else str(path)
    except FileNotFoundError:
        return str(path)


def _size(size: float) -> str:
    for unit in _UNITS:
        if size < 1000 or unit == _UNITS[-1]:
            break
        size /= 1000
    return f"{size:.0f} {unit}" if size >= 10 or unit == "bytes" else f"{size:.1f} {unit}"


def _data(removal: Removal, dry_run: bool) -> dict[str, object]:
    unreviewed = removal.unreviewed
    return {
        "dry_run": dry_run, "branch": removal.branch or None, "kept": removal.is_kept, "memories": removal.memories,
        "unpushed": removal.unpushed, "refs": sorted(removal.refs), "settings": list(removal.settings),
        "candidates": dict(unreviewed.candidates), "queued": unreviewed.queued, "drafts": unreviewed.drafts,
        "running": list(unreviewed.running), "worktrees": [str(path) for path in removal.worktrees],
        "unsaved": list(removal.unsaved), "foreign": list(removal.foreign),
        "directories": [{"path": str(directory.path), "files": directory.files, "bytes": directory.size}
                        for directory in removal.directories],
        "hooks": [{"file": change.file, "action": change.action} for change in removal.hooks],
    }  # fmt: skip
