"""What `mem uninstall` would remove from a repository, looked up: also where the store is damaged or half removed."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from pathlib import Path

from memcli.branch import is_memory_path, main_ref
from memcli.errors import MemError
from memcli.git.command import ask_git
from memcli.git.layout import Layout, all_worktrees
from memcli.git.ref_files import list_refs, read_ref
from memcli.git.settings import names_in
from memcli.operations.hooks.file_change import TargetChange
from memcli.operations.hooks.install import HookRequest, delete_backups, uninstall
from memcli.operations.setup.removal import Removal, StateDirectory, Unreviewed
from memcli.operations.setup.session_directories import SessionDirectories
from memcli.operations.writing.transaction import drain_before_reading
from memcli.sessions import Sessions
from memcli.state.drafts import Drafts
from memcli.state.journal import Journal
from memcli.state.liveness import is_abandoned
from memcli.store import Store
from memcli.workspace import Workspace

_OWN_REFS = "refs/mem/"


def plan_removal(workspace: Workspace, keep_memories: bool = False) -> Removal:
    """What would be removed; with `keep_memories` all but the store's branch. Raises NoStore outside a repository."""
    with suppress(MemError):  # what waits in the journal are candidates
        drain_before_reading(workspace)
    layout, store = workspace.layout, workspace.store
    directories = SessionDirectories(layout, workspace.odb, store)
    branch, tip = main_ref(layout), read_ref(layout, main_ref(layout))
    refs = dict(list_refs(layout, _OWN_REFS)) | ({branch: tip} if tip and not keep_memories else {})
    return Removal(
        branch=branch.removeprefix("refs/heads/") if tip else "",
        is_kept=keep_memories and tip is not None,
        memories=_count_memories(store, tip) if tip else 0,
        unpushed=len(ask_git(layout.git_dir, "rev-list", tip, "--not", "--remotes").split()) if tip else 0,
        refs=refs,
        unreviewed=_unreviewed(layout, workspace.sessions, workspace.journal),
        worktrees=tuple(worktree.path for worktree in directories.worktrees()),
        unsaved=tuple(directories.unsaved()),
        foreign=tuple(directories.foreign()),
        directories=tuple(_state_directories(layout, directories)),
        settings=tuple(name for file in config_files(layout) for name in own_settings(layout, file, keep_memories)),
        hooks=tuple(uninstall_hooks(workspace.in_worktree, directories.code() or [layout], dry_run=True)),
    )


def _count_memories(store: Store, tip: str) -> int:
    try:
        return sum(map(is_memory_path, store.odb.files(store.tree_of(tip))))
    except MemError:
        return 0


def _unreviewed(layout: Layout, sessions: Sessions, journal: Journal) -> Unreviewed:
    candidates = list[tuple[str, int]]()
    with suppress(MemError):
        candidates = [(session.name, len(sessions.candidates(session))) for session in sessions.all()]
    running = [name for name, _ in candidates if not is_abandoned(layout.mem_dir, name)]
    proposing = tuple(pair for pair in candidates if pair[1])
    return Unreviewed(proposing, len(journal.files()), len(Drafts(layout).all()), tuple(running))


def _state_directories(layout: Layout, directories: SessionDirectories) -> Iterator[StateDirectory]:
    for path in (Path(layout.mem_dir), *directories.homes(), *directories.pointers()):
        if path.is_dir():
            files = [Path(place, name) for place, _, names in os.walk(path) for name in names]
            yield StateDirectory(path, len(files), sum(map(_size, files)))


def _size(file: Path) -> int:
    try:
        return file.lstat().st_size
    except OSError:
        return 0


def uninstall_hooks(
    open_at: Callable[[Layout, None, None], Workspace], places: Sequence[Layout], dry_run: bool = False
) -> list[TargetChange]:
    """Take the hooks out of worktrees of the code, and delete the backups; what became of each file."""
    changes: dict[str, TargetChange] = {}
    for place in places:
        here = open_at(place, None, None)
        request = HookRequest(git=not place.worktree)  # a bare repository has no files of agents
        for change in uninstall(here, request, dry_run).changes:
            changes.setdefault(change.file, change)
        if not dry_run:
            delete_backups(here.config.directory, here.config.git_dir, here.config.homes, request)
    return list(changes.values())


def config_files(layout: Layout) -> list[str]:
    """The repository's own files of git's configuration that are there."""
    own = (Path(git_dir, "config.worktree") for git_dir, _ in all_worktrees(layout))
    return [str(file) for file in (Path(layout.common_dir, "config"), *own) if file.is_file()]


def own_settings(layout: Layout, file: str, keep_memories: bool) -> list[str]:
    """The names that go out of a file of git's configuration; `mem.branch` stays with the branch that it names. What
    git notes about a branch goes with the branch."""
    prefixes = ["mem."]
    if not keep_memories:
        prefixes.append(f"branch.{main_ref(layout).removeprefix('refs/heads/')}.")
    return [name for name in names_in(file, prefixes) if not (keep_memories and name == "mem.branch")]
