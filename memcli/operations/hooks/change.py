"""One file gets our entries or loses them: planned on bytes, shown as a diff, backed up, written.

Invariant: what is planned is reversible before it is written: taking the entries out of the planned text must give the
text without them, byte for byte, else nothing is written.
"""

from __future__ import annotations

import difflib
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path

from memcli.core.text.hooks_json import Unfit
from memcli.errors import Busy, Conflict
from memcli.operations.hooks import originals as record
from memcli.operations.hooks.edits import Added, Edit, Table
from memcli.operations.hooks.originals import Record
from memcli.operations.hooks.replace_file import content, missing, rewrite, tidy
from memcli.state.lock import hold

PATIENCE = 10.0
TRIES = 5
"""How often a file is read again that another program was writing."""


@dataclass(frozen=True)
class Target:
    """One file and what is to be in it; `wanted` False: nothing of ours. `unfit`: why its path alone rules it out."""

    agent: str
    scope: str
    path: Path
    edit: Edit
    wanted: bool = True
    mode: int = 0o644
    git_lock: bool = False
    unfit: str = ""
    note: str = ""


@dataclass(frozen=True)
class Change:
    """What happened to one file: created, changed, removed, unchanged or refused."""

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
    state: Path
    home: Path
    data: bytes | None
    before: bytes | None
    after: bytes | None
    added: Added | None


def carry_out(target: Target, state: Path, dry_run: bool) -> Change:
    """Change one file, or say why not. Raises Conflict and Busy; nothing was changed then."""
    for _ in range(TRIES - 1):
        with suppress(Conflict):
            return _carry_out(target, state, dry_run)
    return _carry_out(target, state, dry_run)


def _carry_out(target: Target, state: Path, dry_run: bool) -> Change:
    done = Change(target.agent, target.scope, str(target.path), "unchanged")
    try:
        plan = _planned(target, state)
        if plan is None:
            return done
        done = replace(done, action=_action(plan), diff=_diff(target.path, plan), message=target.note)
        return done if dry_run else replace(done, backup=_write(target, plan))
    except (Unfit, OSError, RuntimeError) as error:  # RuntimeError: a link that leads to itself
        why = f"{error.strerror}: {error.filename}" if isinstance(error, OSError) else str(error)
        if target.wanted:
            return replace(done, action="refused", message=why, snippet=target.edit.snippet)
        return replace(done, action="refused", message=f"{why}; take out by hand what calls 'mem hook'")


def _planned(target: Target, state: Path) -> _Plan | None:
    """What is to be written; None where all is as it should be. Raises Unfit."""
    path = target.path.resolve()
    data = content(path)
    edit = target.edit
    if data is None and not target.wanted:
        return None
    current = data is not None and (edit.is_current(data) if target.wanted else not edit.holds(data))
    if target.unfit and target.wanted:
        raise Unfit(target.unfit)
    if current:
        return None
    home = record.place(state, path)
    before = _before(edit, home, data)
    added = edit.added(before) if target.wanted else None
    if added:
        _reversible(edit, added, before)
    return _Plan(path, state, home, data, before, added.data if added else before, added)


def _before(edit: Edit, home: Path, data: bytes | None) -> bytes | None:
    """The text as it is without us: the one that is kept, where nobody else has written since."""
    known, kept = record.load(home)
    if data is None or not edit.holds(data):
        return data
    if known and known.after == record.digest(data):
        return kept
    left = edit.taken(data, known.origins if known else {})
    created = known is not None and not known.existed
    return None if created and left is not None and _is_empty(left) else left


def _is_empty(left: bytes) -> bool:
    return b"".join(left.split()) in (b"", b"{}")


def _reversible(edit: Edit, added: Added, before: bytes | None) -> None:
    left = edit.taken(added.data, added.origins)
    same = left == before or (isinstance(edit, Table) and _is_empty(before or b"") and left and _is_empty(left))
    if not same:
        raise Unfit("its text is such that the entries could not be taken out again without a trace")


def _action(plan: _Plan) -> str:
    if plan.after is None:
        return "removed"
    return "created" if plan.data is None else "removed" if plan.added is None else "changed"


def _diff(shown: Path, plan: _Plan) -> str:
    old, new = _lines(plan.data), _lines(plan.after)
    names = ("/dev/null" if plan.data is None else f"a{shown}", "/dev/null" if plan.after is None else f"b{shown}")
    return "".join(difflib.unified_diff(old, new, *names))


def _lines(data: bytes | None) -> list[str]:
    lines = (data or b"").decode("utf-8", "replace").splitlines(keepends=True)
    if lines and not lines[-1].endswith("\n"):
        lines[-1] += "\n\\ No newline at end of file\n"
    return lines


def _write(target: Target, plan: _Plan) -> str | None:
    with hold(record.root(plan.state) / "lock", PATIENCE) as held:
        if not held:
            raise Busy(f"another mem is changing {target.path}", "try again")
        if content(plan.path) != plan.data:  # before the record of who changed it is overwritten
            raise Conflict(f"{target.path} was changed by somebody else in this moment", "run the same command again")
        backup = record.back_up(plan.home, plan.data)
        if plan.added:
            after = record.digest(plan.added.data)
            kept = Record(str(plan.path), plan.before is not None, after, plan.added.origins)
            record.save(plan.home, kept, plan.before)
            if fresh := missing(plan.path):
                record.keep_made(plan.state, record.made(plan.state) | fresh)
        rewrite(plan.path, plan.data, plan.after, target.mode, target.git_lock)
        if not plan.added:
            record.drop(plan.home)
        if plan.after is None and (ours := record.made(plan.state)):
            record.keep_made(plan.state, tidy(plan.path, ours))
    return backup
