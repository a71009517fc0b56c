"""The settings `mem.*` in git's configuration, as git reads it: files, scopes and includes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from memcli.git.command import ask_git, run_git


def settings(git_dir: str) -> Mapping[str, str]:
    """{name in lower case, without `mem.`: value} as seen from a git directory; the last value of a name counts. Empty
    where git cannot answer."""
    entries = ask_git(git_dir, "config", "--null", "--get-regexp", r"^mem\.").split("\0")
    pairs = (entry.partition("\n") for entry in entries if entry)
    return {name.removeprefix("mem."): value if sign else "true" for name, sign, value in pairs}


def is_true(value: str | None) -> bool:
    """A setting as git reads truth: `true`, `yes`, `on`, a number but 0."""
    return value is not None and value.lower() not in ("false", "no", "off", "0", "")


def names_in(file: str, prefixes: Sequence[str]) -> list[str]:
    """The names in one file of git's configuration that begin with one of the prefixes, sorted."""
    names = ask_git("", "config", "--file", file, "--null", "--name-only", "--list").split("\0")
    return sorted({name for name in names if name.startswith(tuple(prefixes))})


def remove_names(file: str, names: Sequence[str]) -> None:
    """Take these names out of one file of git's configuration: whole sections where nothing else is in them.

    Raises Failure."""
    for section in sorted({name.rpartition(".")[0] for name in names}):
        if set(names_in(file, [f"{section}."])) <= set(names):
            run_git(None, "config", "--file", file, "--remove-section", section)
    for name in set(names) & set(names_in(file, names)):
        run_git(None, "config", "--file", file, "--unset-all", name)
