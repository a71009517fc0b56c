"""One file gets our hooks or loses them: planned on bytes, shown as a diff, backed up, written.

Invariant: nothing is written that could not be taken back: removing the hooks from the planned text must give the text
without them, byte for byte.
"""

from __future__ import annotations

import difflib
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path

from memcli.core.text.hooks_json import CannotEdit
from memcli.errors import Busy, Conflict
from memcli.operations.hooks.backups import (
    CreatedDirectories,
    Original,
    Originals,
    backups_directory,
    content_digest,
)
from memcli.operations.hooks.edits import HookTable, Inserted, TextEdit
from memcli.operations.hooks.replace_file import read_content, require_unchanged, rewrite
from memcli.state.lock import hold

PATIENCE = 10.0
"""Seconds to wait for another `mem hooks`."""
TRIES = 5
"""How often a file is read again that another program is writing."""


@dataclass(frozen=True)
class Target:
    """One file and its edit. `wanted` False: remove our hooks. `problem`: why this path cannot get any."""

    agent: str
    scope: str
    path: Path
    edit: TextEdit
    wanted: bool = True
    mode: int = 0o644
    git_lock: bool = False
    problem: str = ""
    note: str = ""


def unwanted(target: Target) -> Target:
    """The same file, without our hooks."""
    return replace(target, wanted=False, mode=0o644, problem="", note="")


@dataclass(frozen=True)
class TargetChange:
    """What happened to one file. `action`: created, changed, removed, unchanged or refused."""

    agent: str
    scope: str
    file: str
    action: str
    diff: str = ""
    backup: str | None = None
    snippet: str = ""
    message: str = ""


@dataclass(frozen=True)
class _Plan:
    path: Path
    data: bytes | None
    before: bytes | None
    after: bytes | None
    inserted: Inserted | None


def change_file(target: Target, state: Path, dry_run: bool) -> TargetChange:
    """Change one file, or say why not. Raises Conflict and Busy; then nothing was changed."""
    for _ in range(TRIES - 1):
        with suppress(Conflict):
            return _change_file(target, state, dry_run)
    return _change_file(target, state, dry_run)


def _change_file(target: Target, state: Path, dry_run: bool) -> TargetChange:
    change = TargetChange(target.agent, target.scope, str(target.path), "unchanged")
    try:
        plan = _plan(target, state)
        if plan is None:
            return change
        change = replace(change, action=_action(plan), diff=_diff(target.path, plan), message=target.note)
        return change if dry_run else replace(change, backup=_write(target, plan, state))
    except (CannotEdit, OSError, RuntimeError) as error:  # RuntimeError: a link that leads to itself
        reason = f"{error.strerror}: {error.filename}" if isinstance(error, OSError) else str(error)
        if target.wanted:
            return replace(change, action="refused", message=reason, snippet=target.edit.snippet)
        return replace(change, action="refused", message=f"{reason}; remove the lines with 'mem hook' by hand")


def _plan(target: Target, state: Path) -> _Plan | None:
    """What to write; None if the file is as it should be. Raises CannotEdit."""
    path, edit = target.path.resolve(), target.edit
    data = read_content(path)
    if data is None and not target.wanted:
        return None
    is_done = data is not None and (edit.is_current(data) if target.wanted else not edit.is_present(data))
    if target.problem and target.wanted:
        raise CannotEdit(target.problem)
    if is_done:
        return None
    before = _text_before(edit, Originals(state, path), data)
    inserted = edit.insert(before) if target.wanted else None
    if inserted:
        _require_reversible(edit, inserted, before)
    return _Plan(path, data, before, inserted.data if inserted else before, inserted)


def _text_before(edit: TextEdit, originals: Originals, data: bytes | None) -> bytes | None:
    """The text without our hooks: the original, unless somebody else has written since."""
    if data is None or not edit.is_present(data):
        return data
    original, before = originals.load()
    if original and original.after == content_digest(data):
        return before
    left = edit.remove(data, original.origins if original else {})
    is_created = original is not None and not original.existed
    return None if is_created and left is not None and _is_empty(left) else left


def _is_empty(data: bytes) -> bool:
    return b"".join(data.split()) in (b"", b"{}")


def _require_reversible(edit: TextEdit, inserted: Inserted, before: bytes | None) -> None:
    left = edit.remove(inserted.data, inserted.origins)
    is_same = left == before or (isinstance(edit, HookTable) and _is_empty(before or b"") and left and _is_empty(left))
    if not is_same:
        raise CannotEdit("its layout is such that the hooks could not be removed again without a trace")


def _action(plan: _Plan) -> str:
    if plan.after is None:
        return "removed"
    return "created" if plan.data is None else "removed" if plan.inserted is None else "changed"


def _diff(path: Path, plan: _Plan) -> str:
    names = ("/dev/null" if plan.data is None else f"a{path}", "/dev/null" if plan.after is None else f"b{path}")
    return "".join(difflib.unified_diff(_lines(plan.data), _lines(plan.after), *names))


def _lines(data: bytes | None) -> list[str]:
    lines = (data or b"").decode("utf-8", "replace").splitlines(keepends=True)
    if lines and not lines[-1].endswith("\n"):
        lines[-1] += "\n\\ No newline at end of file\n"
    return lines


def _write(target: Target, plan: _Plan, state: Path) -> str | None:
    """Write what was planned; the path of the backup."""
    originals, directories = Originals(state, plan.path), CreatedDirectories(state)
    with hold(backups_directory(state) / "lock", PATIENCE) as held:
        if not held:
            raise Busy(f"another mem is changing {target.path}", "try again")
        require_unchanged(plan.path, plan.data)  # before the original of whoever changed it is overwritten
        backup = originals.back_up(plan.data)
        if plan.inserted:
            after = content_digest(plan.inserted.data)
            original = Original(str(plan.path), plan.before is not None, after, plan.inserted.origins)
            originals.save(original, plan.before)
            directories.add_above(plan.path)
        rewrite(plan.path, plan.data, plan.after, target.mode, target.git_lock)
        if not plan.inserted:
            originals.drop()
        if plan.after is None:
            directories.remove_above(plan.path)
    return backup
