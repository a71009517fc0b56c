"""Which files get the git hooks of one repository, by who rules its hooks.

git 2.54 and later: its configuration. Else husky, lefthook or pre-commit where they rule: an entry in their own files,
only when that was asked. Else a block in the very script that git runs. Never `core.hooksPath`, and no hook of anybody
else is moved or copied.
"""

from __future__ import annotations

import re
import stat
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from memcli.core.text import hooks_yaml as hook_lists
from memcli.core.text import marked_block as text_block
from memcli.git.layout import Layout
from memcli.git.queries import ask
from memcli.operations.hooks.change import Target
from memcli.operations.hooks.edits import Block, Edit
from memcli.operations.hooks.git_config import Configured, command_line
from memcli.operations.hooks.shipped import git_hook

EVENTS = ("post-commit", "post-merge", "post-checkout", "post-rewrite")
TRAILER = "prepare-commit-msg"
CONFIG_HOOKS = (2, 54)
"""The first git that runs hooks from its configuration."""
LEFTHOOK = ("lefthook.yml", "lefthook.yaml", ".lefthook.yml", ".lefthook.yaml", ".config/lefthook.yml",
            ".config/lefthook.yaml", "lefthook.toml", "lefthook.json", ".lefthook.toml", ".lefthook.json")  # fmt: skip
PRE_COMMIT = (".pre-commit-config.yaml", ".pre-commit-config.yml")


@dataclass(frozen=True)
class GitPlace:
    """One repository as git's hooks see it; `launcher` is how `mem` is called from a file of one person."""

    layout: Layout
    launcher: str

    @cached_property
    def top(self) -> Path:
        return Path(self.layout.worktree or self.layout.git_dir)

    @cached_property
    def config_hooks(self) -> bool:
        found = re.search(r"(\d+)\.(\d+)", ask(self.layout.git_dir, "--version"))
        return found is not None and (int(found[1]), int(found[2])) >= CONFIG_HOOKS

    def hook_files(self, events: Sequence[str]) -> dict[str, Path]:
        """Event → the file that git runs for it, wherever `core.hooksPath` or a linked worktree puts it."""
        words = ("rev-parse", "--path-format=absolute", "--git-path", "hooks")  # of a hook it would follow links
        said = ask(self.layout.git_dir, "-C", str(self.top), *words).rstrip("\n")
        return {event: Path(said) / event for event in events if said}

    @cached_property
    def husky(self) -> Path | None:
        """The directory of husky's scripts: husky 9 points git at its `_`."""
        said = ask(self.layout.git_dir, "-C", str(self.top), "config", "--get", "--type=path", "core.hooksPath").strip()
        place = self.top / said
        rules = place.name == "_" and ((place / "h").is_file() or place.parent.name == ".husky")
        return place.parent if said and rules else None

    def first(self, names: Sequence[str]) -> Path | None:
        return next((self.top / name for name in names if self.layout.worktree and (self.top / name).is_file()), None)

    def launcher_for(self, file: Path) -> str:
        """Files that are committed are for everybody: they call `mem` by name."""
        inside = self.layout.worktree and file.resolve().is_relative_to(self.top.resolve())
        own = file.resolve().is_relative_to(Path(self.layout.common_dir).resolve())
        return "mem" if inside and not own else self.launcher


def installing(place: GitPlace, events: Sequence[str], write: bool) -> Iterator[Target]:
    """What is to be put in, and what another way of installing had left behind."""
    every = (*EVENTS, TRAILER)
    if place.config_hooks:
        yield configured(place, events)
        yield from (_gone(target) for target in (*scripts(place, every), *entries(place, every)))
        return
    ruled = [target if write or _holds(target) else _asking(target) for target in entries(place, events)]
    yield from ruled or scripts(place, events)
    unwanted = [event for event in every if event not in events]
    yield from (_gone(target) for target in scripts(place, every if ruled else unwanted))


def removing(place: GitPlace) -> Iterator[Target]:
    """Every place that could hold something of ours."""
    every = (*EVENTS, TRAILER)
    found = (configured(place, every), *scripts(place, every), *entries(place, every), *left_behind(place, every))
    yield from map(_gone, found)


def has_trailer(place: GitPlace) -> bool:
    """Whether the trailer is installed here, so that it stays."""
    files = [target for target in (*scripts(place, (TRAILER,)), *entries(place, (TRAILER,))) if _holds(target)]
    said = ask(place.layout.git_dir, "config", "--local", "--get", f"hook.memcli-{TRAILER}.event")
    return bool(said) or any(f"hook git {TRAILER}".encode() in target.path.read_bytes() for target in files)


def configured(place: GitPlace, events: Sequence[str]) -> Target:
    """The repository's configuration."""
    commands = {one: command_line(hook_lists.command_of(git_hook(one), place.launcher)) for one in events}
    return Target("git", "local", Path(place.layout.common_dir, "config"), Configured(commands), git_lock=True)


def scripts(place: GitPlace, events: Sequence[str]) -> Iterator[Target]:
    """The scripts that git runs; husky's own are rewritten by every install of its, and never touched."""
    if place.husky:
        return
    for event, file in place.hook_files(events).items():
        block = hook_lists.block_of(git_hook(event), place.launcher_for(file))
        edit = Block(block, text_block.atop, hook_lists.SHEBANG.encode(), text_block.why_no_shell)
        yield Target("git", "local", file, edit, mode=0o755, unfit=_why_unfit(file))


def left_behind(place: GitPlace, events: Sequence[str]) -> Iterator[Target]:
    """Scripts of ours in the repository's own directory of hooks, since `core.hooksPath` leads elsewhere."""
    own = Path(place.layout.common_dir, "hooks")
    if own.resolve() in {file.parent.resolve() for file in place.hook_files(events).values()}:
        return
    for event in events:
        block = hook_lists.block_of(git_hook(event), place.launcher)
        target = Target("git", "local", own / event, Block(block, text_block.atop, hook_lists.SHEBANG.encode()))
        if _holds(target):
            yield target


def entries(place: GitPlace, events: Sequence[str]) -> Iterator[Target]:
    """The files of the tool that rules the hooks here; nothing where none does."""
    if place.husky:
        for event in events:
            file = place.husky / event
            block = hook_lists.block_of(git_hook(event), "mem")
            yield Target("git", "project", file, Block(block, text_block.atop, b"", text_block.why_no_shell))
        return
    commands = {event: hook_lists.command_of(git_hook(event), "mem") for event in events}
    if lefthook := place.first(LEFTHOOK):
        lines = "".join(hook_lists.lefthook_entry(event, command) for event, command in commands.items())
        yield Target("git", "project", lefthook, _lefthook(lines, events), unfit=_only_yaml(lefthook), note=_LEFTHOOK)
    elif pre_commit := place.first(PRE_COMMIT):
        commands.pop("post-rewrite", None)
        yield Target("git", "project", pre_commit, _pre_commit(commands), note=_pre_commit_note(commands))


_LEFTHOOK = "'lefthook install' makes git call it"


def _pre_commit_note(commands: dict[str, str]) -> str:
    stages = " ".join(f"-t {event}" for event in commands)
    return f"'pre-commit install {stages}' makes git call it; it cannot tell what a rebase has rewritten"


def _lefthook(lines: str, events: Sequence[str]) -> Edit:
    def refuses(data: bytes) -> str:
        return hook_lists.why_no_lefthook(data.decode("utf-8", "replace"), list(events))

    return Block(hook_lists.marked(lines), text_block.beneath, b"", refuses)


def _pre_commit(commands: dict[str, str]) -> Edit:
    def put(data: bytes, block: bytes) -> bytes:
        return (hook_lists.in_repos(data.decode("utf-8", "surrogateescape"), block.decode()) or "").encode(
            "utf-8", "surrogateescape"
        )

    def refuses(data: bytes) -> str:
        form = hook_lists.in_repos(data.decode("utf-8", "surrogateescape"), "")
        return "its 'repos' is no list with a line for each item" if form is None else ""

    return Block(hook_lists.marked(hook_lists.pre_commit_entries(commands)), put, b"", refuses)


def _only_yaml(file: Path) -> str:
    return "" if file.suffix in (".yml", ".yaml") else f"entries are only written into YAML, not into {file.name}"


def _why_unfit(file: Path) -> str:
    try:
        found = file.lstat()
    except (FileNotFoundError, NotADirectoryError):
        return ""
    if stat.S_ISLNK(found.st_mode):
        return f"it is a link to {file.readlink()}, which may serve other repositories"
    if not stat.S_ISREG(found.st_mode):
        return "it is no file"
    return "" if found.st_mode & 0o111 else f"it is not executable: git does not run it, 'chmod +x {file}' lets it"


def _holds(target: Target) -> bool:
    return target.path.is_file() and text_block.holds(target.path.read_bytes())


def _gone(target: Target) -> Target:
    return Target(target.agent, target.scope, target.path, target.edit, wanted=False, git_lock=target.git_lock)


def _asking(target: Target) -> Target:
    why = target.unfit or "another tool rules the hooks here: put this into its file, or let '--write' do it"
    return Target(target.agent, target.scope, target.path, target.edit, unfit=why)
