"""`mem init`: adopt the store there is, else make the root commit that is the same in every clone."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime

from memcli.branch import ROOT, main_ref, remote_branches
from memcli.errors import Conflict, Usage
from memcli.git import refs
from memcli.git.objects import Move, Person
from memcli.git.ref_files import read_ref
from memcli.operations.writing.transaction import Transaction, locked
from memcli.state.publication import Publication
from memcli.workspace import Workspace

DEFAULT = "mem/main"
"""Whatever is on the branch of this name is taken for a memory."""
_ROOT_MESSAGE = "mem: root v1\n"


@dataclass(frozen=True)
class Initialised:
    """`created`: this call made the root; `adopted`: the remote branch it started from."""

    branch: str
    root: str
    tip: str
    created: bool
    adopted: str | None


def init(workspace: Workspace, branch: str | None = None) -> Initialised:
    """Set the store up; a second call changes nothing. Raises Conflict where the branch cannot be made."""
    ref = _wanted_ref(workspace, branch)
    with locked(workspace) as tx:
        found = _initialise(workspace, tx, ref)
        if branch and ref != main_ref(workspace.layout):
            workspace.odb.repository.config["mem.branch"] = branch
    return found


def _wanted_ref(workspace: Workspace, branch: str | None) -> str:
    if branch is None:
        return main_ref(workspace.layout)
    ref = f"refs/heads/{branch}"
    if not refs.is_valid(ref):
        raise Usage(f"not a branch name: {branch!r}", "for example '--branch memory/main'")
    return ref


def _initialise(workspace: Workspace, tx: Transaction, ref: str) -> Initialised:
    name = ref.removeprefix("refs/heads/")
    _refuse_second_store(workspace, ref)
    if tip := read_ref(workspace.layout, ref):
        _refuse_other_content(workspace, name, tip)
        return Initialised(name, ROOT, tip, created=False, adopted=None)
    remote = _remote(workspace, name)
    if remote is None:
        _refuse_blocked_name(workspace, ref)
    else:
        _refuse_other_content(workspace, name, remote[1])
    tip = remote[1] if remote else _write_root(workspace)
    tx.publish(Publication("mem init", (Move(ref, None, tip),)))
    return Initialised(name, ROOT, tip, created=remote is None, adopted=remote[0] if remote else None)


def _refuse_other_content(workspace: Workspace, branch: str, tip: str) -> None:
    """A branch that does not begin with our root is somebody's work, not a memory."""
    if branch != DEFAULT and not (workspace.odb.has(ROOT) and workspace.odb.is_ancestor(ROOT, tip)):
        raise Conflict(
            f"{branch!r} is a branch of something else", "choose another name: 'mem init --branch memory/main'"
        )


def _refuse_second_store(workspace: Workspace, ref: str) -> None:
    known = main_ref(workspace.layout)
    if ref != known and read_ref(workspace.layout, known):
        branch = known.removeprefix("refs/heads/")
        raise Conflict(f"the memory of this repository is on {branch!r} already", "'mem status' shows it")


def _remote(workspace: Workspace, branch: str) -> tuple[str, str] | None:
    """The one remote-tracking branch of that name. Raises Conflict where several remotes have it."""
    found = remote_branches(workspace.layout, branch)
    if len({tip for _, tip in found}) > 1:
        names = ", ".join(ref.removeprefix("refs/remotes/") for ref, _ in found)
        raise Conflict(
            f"several remotes have a memory: {names}", f"choose one: 'git branch {branch} <remote>/{branch}'"
        )
    return found[0] if found else None


def _refuse_blocked_name(workspace: Workspace, ref: str) -> None:
    """Git keeps `a/b` in a directory `a`, so a branch `a` makes it impossible."""
    parts = ref.split("/")
    for end in range(3, len(parts)):
        above = "/".join(parts[:end])
        if read_ref(workspace.layout, above):
            branch = above.removeprefix("refs/heads/")
            raise Conflict(
                f"a branch called '{branch}' makes '{ref.removeprefix('refs/heads/')}' impossible",
                "keep it and name the memory's branch otherwise: 'mem init --branch memory/main'",
            )


def _write_root(workspace: Workspace) -> str:
    creator = Person("mem", "mem@localhost", datetime.fromtimestamp(0, UTC))
    return workspace.odb.write_commit(workspace.odb.empty_tree(), [], _ROOT_MESSAGE, creator)
