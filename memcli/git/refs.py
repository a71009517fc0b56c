"""Moving refs: all or none, each compared with the value the caller built on.

`references[name].set_target` on a freshly looked-up reference compares nothing, so refs move only here: lock,
read, compare, set, inside one libgit2 transaction. One that fails while it commits (a full disk) keeps what it has
moved so far: that is moved back. `git update-ref --stdin` does the same and drops its locks when we are killed, but not
when it is killed too; it costs a process for each write, 2 to 4 ms where the transaction takes 0.2.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING

from memcli.errors import Conflict, Failure, MemError

if TYPE_CHECKING:
    from pygit2.transaction import ReferenceTransaction

    from memcli.git.objects import Move, Person
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
    """Move every ref from its old to its new commit, or none. Raises Conflict where one is not where it was."""
    import pygit2

    odb.repository.set_ident(by.name, by.email)  # who the reflog names; set_target's own signature argument is broken
    try:
        _transact(odb, moves, reason)
    except (pygit2.GitError, pygit2.AlreadyExistsError, ValueError, OSError) as error:
        for done in moves:
            if done.old != done.new and target(odb, done.ref) == done.new:
                with suppress(pygit2.GitError, ValueError, OSError, Conflict):
                    _transact(odb, [replace(done, old=done.new, new=done.old)], f"{reason}: rolled back")
        raise _explained(str(error)) from error


def _transact(odb: Odb, moves: Sequence[Move], reason: str) -> None:
    with _freed(odb.repository.transaction()) as transaction:
        for each in moves:
            transaction.lock_ref(each.ref)
        for each in moves:
            if target(odb, each.ref) != each.old:
                raise Conflict(f"{each.ref} has moved since it was read", "run the command again")
            if each.new is None:
                transaction.remove(each.ref)
            elif each.new != each.old:
                transaction.set_target(each.ref, each.new, message=reason)
        transaction.commit()


@contextmanager
def _freed(transaction: ReferenceTransaction) -> Iterator[ReferenceTransaction]:
    """The transaction, its locks given back in any case; pygit2's own context keeps them where the commit fails."""
    try:
        yield transaction
    finally:
        transaction.__exit__(Conflict, None, None)  # with an error it only frees


def _explained(message: str) -> MemError:
    """Libgit2 has one class for all of its errors; only a lock that somebody holds is worth waiting for."""
    if "failed to lock file" in message or "File exists" in message:
        hint = "another git process holds it; if none is running, the '.lock' file is stale and can be removed"
        return Conflict(f"git cannot lock the refs: {message.strip().rstrip(':')}", hint)
    return Failure(f"git cannot move the refs: {message.strip()}", "nothing was moved; run 'mem doctor' for the cause")


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
