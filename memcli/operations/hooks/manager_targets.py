"""Our entries in the files of the tools that manage git hooks: husky, lefthook and pre-commit."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from memcli.core.text.hooks_yaml import (
    append_to_repos,
    lefthook_entry,
    lefthook_problem,
    mark_lines,
    pre_commit_item,
    script_block,
    script_commands,
)
from memcli.core.text.marked_block import append_block, insert_after_shebang, shell_script_problem
from memcli.operations.hooks.edits import BlockEdit
from memcli.operations.hooks.file_change import Target
from memcli.operations.hooks.git_hooks import GitHooks
from memcli.operations.hooks.shipped import git_hook

LEFTHOOK = ("lefthook.yml", "lefthook.yaml", ".lefthook.yml", ".lefthook.yaml", ".config/lefthook.yml",
            ".config/lefthook.yaml", "lefthook.toml", "lefthook.json", ".lefthook.toml", ".lefthook.json")  # fmt: skip
PRE_COMMIT = (".pre-commit-config.yaml", ".pre-commit-config.yml")


def manager_targets(hooks: GitHooks, events: Sequence[str]) -> Iterator[Target]:
    """The files of the tool that manages the hooks here; none if there is no such tool."""
    if hooks.husky:
        yield from (_husky(hooks.husky / event, event) for event in events)
        return
    commands = {event: script_commands(git_hook(event), "mem") for event in events}
    if lefthook := hooks.first_file(LEFTHOOK):
        yield _lefthook(lefthook, commands)
    elif pre_commit := hooks.first_file(PRE_COMMIT):
        yield _pre_commit(pre_commit, {event: text for event, text in commands.items() if event != "post-rewrite"})


def _husky(file: Path, event: str) -> Target:
    block = script_block(git_hook(event), "mem")
    return Target("git", "project", file, BlockEdit(block, insert_after_shebang, b"", shell_script_problem))


def _lefthook(file: Path, commands: Mapping[str, str]) -> Target:
    def problem(data: bytes) -> str:
        return lefthook_problem(data.decode("utf-8", "replace"), list(commands))

    lines = mark_lines("".join(lefthook_entry(event, text) for event, text in commands.items()))
    is_yaml = file.suffix in (".yml", ".yaml")
    return Target(
        "git",
        "project",
        file,
        BlockEdit(lines, append_block, b"", problem),
        problem="" if is_yaml else f"entries are only written into YAML, not into {file.name}",
        note="run 'lefthook install' so that git calls it",
    )


def _pre_commit(file: Path, commands: dict[str, str]) -> Target:
    def place(data: bytes, block: bytes) -> bytes:
        text = append_to_repos(data.decode("utf-8", "surrogateescape"), block.decode())
        return (text or "").encode("utf-8", "surrogateescape")

    def problem(data: bytes) -> str:
        text = append_to_repos(data.decode("utf-8", "surrogateescape"), "")
        return "its 'repos' is not a list with a line for each item" if text is None else ""

    stages = " ".join(f"-t {event}" for event in commands)
    note = (
        f"run 'git add {file.name}': pre-commit refuses every commit while its configuration is not staged; then run "
        f"'pre-commit install {stages}' so that git calls it; it cannot report what a rebase rewrites"
    )
    edit = BlockEdit(mark_lines(pre_commit_item(commands)), place, b"", problem)
    return Target("git", "project", file, edit, note=note)
