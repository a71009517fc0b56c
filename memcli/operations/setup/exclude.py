"""`mem exclude`: the code paths kept out of memory, by the team's `.memignore` and by this clone's own file."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from memcli.branch import store_to_read
from memcli.core.review.ignore_pattern import parse_line
from memcli.core.review.private import has_private
from memcli.core.review.recorded_text import refuse_secret
from memcli.errors import Failure, NotFound, Refused, Usage
from memcli.git.exclude_files import SHARED, add_line, own_file, read_all, remove_line, shared_file
from memcli.git.layout import Layout
from memcli.workspace import Workspace

TEAM, OWN = "shared", "own"


@dataclass(frozen=True)
class Exclude:
    """One pattern: as written, whose it is (`shared` or `own`), and the file that holds it."""

    glob: str
    origin: str
    file: str


@dataclass(frozen=True)
class ExcludeList:
    """All patterns in force; `broken`: lines that are not valid patterns."""

    excludes: tuple[Exclude, ...]
    broken: tuple[Exclude, ...]


@dataclass(frozen=True)
class ExcludeChange:
    """The result of adding or removing a pattern; not `changed`: it made no difference."""

    exclude: Exclude
    changed: bool


def list_excludes(workspace: Workspace) -> ExcludeList:
    """Every line that is neither blank nor a comment, the team's first. Raises Failure for a file it cannot read."""
    lines = [
        (line.removesuffix("\r"), Exclude(line.strip(), TEAM if file.path.name == SHARED else OWN, str(file.path)))
        for file in read_all(workspace.layout)
        for line in file.text.removeprefix("\ufeff").split("\n")
        if line.strip() and not line.startswith("#")
    ]
    valid = {line for line, _ in lines if parse_line(line)}
    excludes = tuple(exclude for line, exclude in lines if line in valid)
    return ExcludeList(excludes, tuple(exclude for line, exclude in lines if line not in valid))


def add_exclude(workspace: Workspace, glob: str, shared: bool = False) -> ExcludeChange:
    """Exclude what a pattern matches; with `shared`, in the file that the user commits for the team.

    Raises Usage for an invalid pattern, Refused for an agent that would remove an exclusion.
    """
    if parse_line(glob) is None or "\n" in glob or {".", ".."} & set(glob.lstrip("!").split("/")):
        raise Usage(f"{glob[:60]!r} matches no path", "use a .gitignore pattern from the root: secrets/ or *.pem")
    if has_private(glob):
        raise Usage("a pattern is written to a file, so it cannot hold a <private> block", "omit <private>")
    refuse_secret(glob, "pattern")
    if glob.startswith("!") and workspace.config.agent:
        raise Refused("agents cannot remove an exclusion", "ask a person to do it")
    store_to_read(workspace.layout)
    file = _file(workspace.layout, shared)
    return ExcludeChange(_exclude(glob, shared, file), add_line(file, glob))


def remove_exclude(workspace: Workspace, glob: str, shared: bool = False) -> ExcludeChange:
    """Remove a pattern from the file that add wrote it to. Raises NotFound, Refused for agents."""
    if workspace.config.agent:
        raise Refused("agents cannot remove an exclusion", "ask a person to do it")
    store_to_read(workspace.layout)
    file = _file(workspace.layout, shared)
    if not remove_line(file, glob):
        other = next((exclude for exclude in list_excludes(workspace).excludes if exclude.glob == glob), None)
        hint = f"it is in {other.file}" + ("; add '--shared'" if other.origin == TEAM else "") if other else ""
        raise NotFound(f"{glob[:60]!r} is not excluded in {file}", hint or "'mem exclude list' shows what is excluded")
    return ExcludeChange(_exclude(glob, shared, file), True)


def _exclude(glob: str, shared: bool, file: Path) -> Exclude:
    return Exclude(glob, TEAM if shared else OWN, str(file))


def _file(layout: Layout, shared: bool) -> Path:
    """The file that a pattern is added to. Raises Failure where there is none."""
    file = shared_file(layout) if shared else own_file(layout)
    if file is None:
        raise Failure("a bare repository has no .memignore", "omit '--shared', or run it in a checkout")
    return file
