"""Moving refs: all or none, each compared with the value the caller built on.

`references[name].set_target` on a freshly looked-up reference compares nothing, so refs move only here: lock, read,
compare, set. A single ref moves in a libgit2 transaction (0.2 ms); several, or one that goes, by a git process (2 to 4
ms), since libgit2 keeps half of a transaction that fails and cannot delete refs safely (`ref_transaction`).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from datetime import datetime
from typing import TYPE_CHECKING

from memcli.errors import Conflict, MemError
from memcli.git.objects import Move
from memcli.git.ref_transaction import move_together, ref_failure

if TYPE_CHECKING:
    from pygit2.transaction import ReferenceTransaction

    from memcli.git.objects import Person
    from memcli.git.odb import Odb

RESCUE = "refs/mem/rescue/"


def is_valid(ref: str) -> bool:
    """Whether git accepts it as the name of a ref."""
    import pygit2

    return pygit2.reference_is_valid_name(ref)


def target(odb: Odb, ref: str) -> str | None:
    """The commit a ref points to now."""
    reference = odb.repository.references.get(ref)
    try:
        return str(reference.resolve().target) if reference is not None else None
    except KeyError:
        return None  # a symbolic ref to a branch that was pruned, as `origin/HEAD` often is


def move(odb: Odb, moves: Sequence[Move], reason: str, by: Person) -> None:
    """Move every ref from its old to its new commit, or none.

    Raises Conflict where one is not where it was or is locked, Failure, OSError.
    """
    if len(moves) == 1 and moves[0].new:
        _set_one(odb, moves[0], moves[0].new, reason, by)
    elif moves:
        ready = [each for each in moves if target(odb, each.ref) == each.old]
        try:
            move_together(odb.common, moves, reason, by)
        except MemError:
            _roll_back(odb, ready, reason, by)
            for each in moves:
                _compare(odb, each)  # whoever has moved one of them is the reason then
            raise


def _roll_back(odb: Odb, moves: Sequence[Move], reason: str, by: Person) -> None:
    """Take back what has moved: where a reflog cannot be written, git stops half-way."""
    moved = [each for each in moves if each.old != each.new and target(odb, each.ref) == each.new]
    if moved:
        with suppress(MemError):
            move_together(odb.common, [Move(m.ref, m.new, m.old) for m in moved], f"{reason}: rolled back", by)


def _compare(odb: Odb, move: Move) -> None:
    if target(odb, move.ref) != move.old:
        raise Conflict(f"{move.ref} has moved since it was read", "run the command again")


def _set_one(odb: Odb, move: Move, new: str, reason: str, by: Person) -> None:
    """By libgit2, in a twentieth of the time that a process takes: most writes move the ref of one session."""
    import pygit2

    odb.repository.set_ident(by.name, by.email)  # who the reflog names; set_target's own signature argument is broken
    try:
        with _freed(odb.repository.transaction()) as transaction:
            transaction.lock_ref(move.ref)
            _compare(odb, move)
            if new != move.old:
                transaction.set_target(move.ref, new, message=reason)
            transaction.commit()
    except (pygit2.GitError, pygit2.AlreadyExistsError, ValueError, OSError) as error:
        raise ref_failure(str(error)) from error


@contextmanager
def _freed(transaction: ReferenceTransaction) -> Iterator[ReferenceTransaction]:
    """The transaction, its locks given back in any case; pygit2's own context keeps them where the commit fails."""
    try:
        yield transaction
    finally:
        transaction.__exit__(Conflict, None, None)  # with an error it only frees


def rescue_name(at: datetime, taken: Sequence[str]) -> str:
    """A free name below `refs/mem/rescue/` for what a forced move would lose."""
    base = f"{RESCUE}{at.strftime('%Y%m%dT%H%M%SZ')}"
    names = (base, *(f"{base}-{number}" for number in range(2, 10_000)))
    return next(name for name in names if name not in taken)


def listed(odb: Odb, prefix: str) -> dict[str, str]:
    """{ref: commit id} of every ref below a prefix."""
    names = [name for name in odb.repository.raw_listall_references() if name.startswith(prefix.encode())]
    commits = {name.decode(): target(odb, name.decode()) for name in sorted(names)}
    return {name: commit for name, commit in commits.items() if commit}


def remote_tips(odb: Odb) -> list[str]:
    """The commits that remote-tracking branches point to: what may have been pushed."""
    return list(listed(odb, "refs/remotes/").values())
