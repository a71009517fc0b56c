"""`mem init`: adopt the store there is, else make the root commit that is the same in every clone."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime

from memcli.branch import ROOT, main_ref, open_sessions, refuse_lost_branch, remote_branches
from memcli.core.review.recorded_text import refuse_secret
from memcli.errors import Conflict, Usage
from memcli.git import refs
from memcli.git.layout import Layout
from memcli.git.objects import Move, Person
from memcli.git.odb import Odb
from memcli.git.ref_files import read_ref
from memcli.operations.writing.transaction import Transaction, locked
from memcli.state.publication import Publication
from memcli.verified_tip import StoreDamaged, check_tip, last_good_tip
from memcli.workspace import Workspace

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
    """Set the store up; a second call changes nothing. Raises Usage, Conflict where the branch cannot be made."""
    layout, odb = workspace.layout, workspace.odb
    ref = _ref_of(branch) if branch else main_ref(layout)
    with locked(workspace) as tx:
        initialised = _StoreSetup(layout, odb, tx).run(ref)
        if branch and ref != main_ref(layout):
            odb.repository.config["mem.branch"] = branch
    return initialised


def _ref_of(branch: str) -> str:
    refuse_secret(branch, "branch name")
    ref = f"refs/heads/{branch}"
    if not refs.is_valid(ref):
        raise Usage(f"not a branch name: {branch!r}", "for example '--branch memory/main'")
    return ref


class _StoreSetup:
    """Adopts the branch that is there, else the one remote branch of its name, else makes the root."""

    def __init__(self, layout: Layout, odb: Odb, tx: Transaction) -> None:
        self._layout, self._odb, self._tx = layout, odb, tx

    def run(self, ref: str) -> Initialised:
        name = ref.removeprefix("refs/heads/")
        self._refuse_second_store(ref)
        tip = read_ref(self._layout, ref)
        if tip is not None:
            self._refuse_other_content(ref, tip)
            return Initialised(name, ROOT, tip, created=False, adopted=None)
        remote = self._remote(name)
        if ref == main_ref(self._layout):
            refuse_lost_branch(self._layout, remote)
        if remote is None:
            self._refuse_blocked_name(ref)
        else:
            self._refuse_other_content(*remote)
        tip = remote[1] if remote else self._write_root()
        self._tx.publish(Publication("mem init", (Move(ref, None, tip),)))
        return Initialised(name, ROOT, tip, created=remote is None, adopted=remote[0] if remote else None)

    def _refuse_other_content(self, ref: str, tip: str) -> None:
        """A branch that does not begin with our root is somebody's work, not a memory. Raises StoreDamaged where it was
        a memory before, else Conflict."""
        try:
            check_tip(self._layout, ref, tip, ROOT)
        except StoreDamaged:
            if last_good_tip(self._layout, ref) or open_sessions(self._layout):
                raise
            problem = f"the branch {ref.removeprefix('refs/heads/')!r} exists and is not a memory"
            raise Conflict(problem, "choose another name: 'mem init --branch memory/main'") from None

    def _refuse_second_store(self, ref: str) -> None:
        known = main_ref(self._layout)
        if ref != known and read_ref(self._layout, known):
            branch = known.removeprefix("refs/heads/")
            raise Conflict(f"this repository has its memory on the branch {branch!r} already", "run 'mem status'")

    def _remote(self, branch: str) -> tuple[str, str] | None:
        """The one remote-tracking branch of that name. Raises Conflict where several remotes have it."""
        branches = remote_branches(self._layout, branch)
        if len({tip for _, tip in branches}) > 1:
            names = ", ".join(ref.removeprefix("refs/remotes/") for ref, _ in branches)
            hint = f"choose one: 'git branch {branch} <remote>/{branch}'"
            raise Conflict(f"several remotes have a memory: {names}", hint)
        return branches[0] if branches else None

    def _refuse_blocked_name(self, ref: str) -> None:
        """Git keeps `a/b` in a directory `a`, so a branch `a` makes it impossible."""
        parts = ref.split("/")
        for end in range(3, len(parts)):
            above = "/".join(parts[:end])
            if read_ref(self._layout, above):
                blocking, blocked = (name.removeprefix("refs/heads/") for name in (above, ref))
                problem = f"a branch called '{blocking}' makes '{blocked}' impossible"
                raise Conflict(problem, "keep it and choose another name: 'mem init --branch memory/main'")

    def _write_root(self) -> str:
        creator = Person("mem", "mem@localhost", datetime.fromtimestamp(0, UTC))
        return self._odb.write_commit(self._odb.empty_tree(), [], _ROOT_MESSAGE, creator)
