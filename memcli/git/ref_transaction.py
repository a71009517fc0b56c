"""Several refs moved by one `git update-ref --stdin`: all of them or none, each compared with its old value.

libgit2 cannot delete a ref beside `git pack-refs`, which every gc runs: it rewrites `packed-refs` from what it read
before it had the lock. Refs that were packed in between are lost, the user's own among them, and the deleted one may
come back. git does neither.

Invariant: git is told to commit only after it holds all locks. If this process is killed before that, git reads the end
of its input and drops them; after that, the locks tell the next process to wait until the refs have moved.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from memcli.errors import Conflict, Failure, MemError
from memcli.git.command import GitProcess, start_git
from memcli.git.objects import Move, Person


def move_together(common: Path, moves: Sequence[Move], reason: str, by: Person) -> None:
    """Move the refs. Raises Conflict where a ref is locked, Failure, OSError."""
    committer = (f"GIT_COMMITTER_NAME={by.name}", f"GIT_COMMITTER_EMAIL={by.email}")
    with start_git(common, committer, "update-ref", "--stdin", "-m", reason) as process:
        is_prepared = _prepare(process, moves)
        _, errors = process.communicate("commit\n" if is_prepared else "")
    if process.returncode:
        raise ref_failure(errors)


def _prepare(process: GitProcess, moves: Sequence[Move]) -> bool:
    """Have git lock and compare the refs; whether it could."""
    assert process.stdin and process.stdout
    try:
        process.stdin.write("\n".join(["start", *map(_command, moves), "prepare", ""]))
        process.stdin.flush()
    except BrokenPipeError:
        return False
    return "prepare: ok\n" in [process.stdout.readline(), process.stdout.readline()]


def _command(move: Move) -> str:
    if move.new == move.old:
        return f"verify {move.ref} {move.old}"
    if move.new is None:
        return f"delete {move.ref} {move.old}"
    return f"update {move.ref} {move.new} {move.old}" if move.old else f"create {move.ref} {move.new}"


def ref_failure(message: str) -> MemError:
    """The error for what git or libgit2 says of refs; only a lock that somebody holds is worth waiting for."""
    message = message.strip().rstrip(":")
    if "failed to lock file" in message or "File exists" in message:
        hint = "another git process holds it; if none is running, the '.lock' file is stale and can be removed"
        return Conflict(f"git cannot lock the refs: {message}", hint)
    return Failure(f"git cannot move the refs: {message}", "nothing was moved; run 'mem doctor' for the cause")
