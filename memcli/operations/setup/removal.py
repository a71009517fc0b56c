"""What `mem uninstall` removes from a repository, as a value: counted and named before anything is touched."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from memcli.operations.hooks.file_change import TargetChange


@dataclass(frozen=True)
class StateDirectory:
    """A directory that is removed whole, with the number and the bytes of its files."""

    path: Path
    files: int
    size: int


@dataclass(frozen=True)
class Unreviewed:
    """What only this clone has and nobody has promoted: candidates by session, writes that wait in the journal, and
    drafts of texts from an editor. `running`: sessions whose agent is at work now."""

    candidates: tuple[tuple[str, int], ...] = ()
    queued: int = 0
    drafts: int = 0
    running: tuple[str, ...] = ()


@dataclass(frozen=True)
class Removal:
    """What is removed, and what goes with it.

    `branch`: the store's branch, empty where there is none; `is_kept`: it stays, with its `memories`; `unpushed`: its
    commits that no remote has; `refs`: {ref: commit} of all that go; `worktrees`: sessions' directories; `unsaved`:
    files in them that are in no commit; `foreign`: files below `.mem` that are not ours and stay; `settings`: names in
    git's config; `hooks`: what becomes of each file with hooks.
    """

    branch: str
    is_kept: bool
    memories: int
    unpushed: int
    refs: dict[str, str] = field(default_factory=dict)
    unreviewed: Unreviewed = Unreviewed()
    worktrees: tuple[Path, ...] = ()
    unsaved: tuple[str, ...] = ()
    foreign: tuple[str, ...] = ()
    directories: tuple[StateDirectory, ...] = ()
    settings: tuple[str, ...] = ()
    hooks: tuple[TargetChange, ...] = ()

    @property
    def is_empty(self) -> bool:
        """Whether nothing of mem is here."""
        return not (self.refs or self.worktrees or self.directories or self.settings or self.hooks)

    @property
    def refused_hooks(self) -> list[TargetChange]:
        """The files whose hooks cannot be taken out."""
        return [change for change in self.hooks if change.action == "refused"]
