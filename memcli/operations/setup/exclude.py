"""`mem exclude`: the code paths that memory leaves alone, the team's in `.memignore` and this clone's own."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from memcli.branch import store_to_read
from memcli.core.review.ignore_pattern import parse_line
from memcli.core.review.private import has_private
from memcli.errors import Failure, NotFound, Refused, Usage
from memcli.git.exclude_files import SHARED, add_line, own_file, read_all, remove_line, shared_file
from memcli.workspace import Workspace

TEAM, OWN = "shared", "own"


@dataclass(frozen=True)
class Exclude:
    """One line: the glob as written, whose it is (`shared` or `own`), and the file it stands in."""

    glob: str
    origin: str
    file: str


@dataclass(frozen=True)
class ExcludeList:
    """All lines in force; `broken`: lines that match nothing, as they are written."""

    excludes: tuple[Exclude, ...]
    broken: tuple[Exclude, ...]


@dataclass(frozen=True)
class ExcludeChange:
    """What add or rm came to; not `changed`: it was so already."""

    exclude: Exclude
    changed: bool


def list_excludes(workspace: Workspace) -> ExcludeList:
    """Every line that is neither blank nor a comment, the team's first. Raises Failure for a file it cannot read."""
    lines = [
        (line.removesuffix("\r"), Exclude(line.strip(), TEAM if one.place.name == SHARED else OWN, str(one.place)))
        for one in read_all(workspace.layout)
        for line in one.text.removeprefix("\ufeff").split("\n")
        if line.strip() and not line.startswith("#")
    ]
    good = {line for line, _ in lines if parse_line(line)}
    told = tuple(one for line, one in lines if line in good)
    return ExcludeList(told, tuple(one for line, one in lines if line not in good))


def add_exclude(workspace: Workspace, glob: str, shared: bool = False) -> ExcludeChange:
    """Exclude what a glob matches, from now on; with `shared`, in the file that the user commits for the team.

    Raises Usage for what can match nothing, and Refused for an agent that would bring something back.
    """
    if parse_line(glob) is None or "\n" in glob or {".", ".."} & set(glob.lstrip("!").split("/")):
        raise Usage(f"{glob[:60]!r} matches no path", "a glob as in .gitignore, from the root: secrets/ or *.pem")
    if has_private(glob):
        raise Usage("a glob is written to a file: nothing in it can be private", "leave <private> out")
    if glob.startswith("!") and workspace.config.agent:
        raise Refused("agents do not bring back what is excluded", "ask a person to do it")
    exclude = _exclude(workspace, glob, shared)
    return ExcludeChange(exclude, add_line(_file(workspace, shared), glob))


def remove_exclude(workspace: Workspace, glob: str, shared: bool = False) -> ExcludeChange:
    """Take a line out of the file that add wrote it to. Raises NotFound, and Refused for agents."""
    if workspace.config.agent:
        raise Refused("agents do not bring back what is excluded", "ask a person to do it")
    exclude = _exclude(workspace, glob, shared)
    if not remove_line(_file(workspace, shared), glob):
        other = next((one for one in list_excludes(workspace).excludes if one.glob == glob), None)
        hint = f"it stands in {other.file}" + (": add '--shared'" if other.origin == TEAM else "") if other else ""
        raise NotFound(f"{glob[:60]!r} is not excluded there", hint or "'mem exclude list' shows what is excluded")
    return ExcludeChange(exclude, True)


def _exclude(workspace: Workspace, glob: str, shared: bool) -> Exclude:
    return Exclude(glob, TEAM if shared else OWN, str(_file(workspace, shared)))


def _file(workspace: Workspace, shared: bool) -> Path:
    store_to_read(workspace.layout)
    if not shared:
        return own_file(workspace.layout)
    place = shared_file(workspace.layout)
    if place is None:
        raise Failure("a bare repository has no .memignore", "leave '--shared' out, or run it in a checkout")
    return place
