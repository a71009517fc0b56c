"""`git blame` of one line: the commit that brought it, and where the line was in it."""

from __future__ import annotations

from dataclasses import dataclass

from memcli.git.command import ask_git, run_git

IGNORE_SPACE = "-w"
"""Passes over commits that changed only white space."""
_BLAME = ("-c", "blame.ignoreRevsFile=", "-c", "core.quotePath=true", "blame", "--porcelain", "--no-textconv")


@dataclass(frozen=True)
class BlamedLine:
    """A line (the first is 1) of a file of the commit that brought it."""

    commit: str
    path: str
    number: int


def blame_line(common_dir: str, commit: str, path: str, number: int, *options: str) -> BlamedLine:
    """The origin of a line of a file of a commit. Raises Failure with git's message."""
    arguments = [*_BLAME, *options, "-L", f"{number},{number}", commit, "--", path]
    output = ask_git(common_dir, *arguments)
    if not output:
        output = run_git(common_dir, *arguments)  # it may only have taken too long
    head, *lines = output.split("\n")
    origin, there, *_ = head.split(" ")
    name = next((line.removeprefix("filename ") for line in lines if line.startswith("filename ")), "")
    return BlamedLine(origin, _unquoted(name) or path, int(there))


def _unquoted(name: str) -> str:
    """A path as git prints it: in quotes and in ASCII where it has other letters."""
    if not name.startswith('"'):
        return name
    data = name[1:-1].encode("ascii", "replace").decode("unicode_escape").encode("latin-1")
    return data.decode("utf-8", "surrogateescape")
