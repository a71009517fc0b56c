"""The settings `mem.*` in git's configuration, as git reads it: files, scopes and includes."""

from __future__ import annotations

from collections.abc import Mapping

from memcli.git.command import ask_git


def settings(git_dir: str) -> Mapping[str, str]:
    """{name in lower case, without `mem.`: value} as seen from a git directory; the last value of a name counts. Empty
    where git cannot answer."""
    entries = ask_git(git_dir, "config", "--null", "--get-regexp", r"^mem\.").split("\0")
    pairs = (entry.partition("\n") for entry in entries if entry)
    return {name.removeprefix("mem."): value if sign else "true" for name, sign, value in pairs}


def is_true(value: str | None) -> bool:
    """A setting as git reads truth: `true`, `yes`, `on`, a number but 0."""
    return value is not None and value.lower() not in ("false", "no", "off", "0", "")
