"""What git tells its hooks: a commit was made, commits were rewritten, a branch was merged or checked out.

Contract: nothing here waits for a lock or changes the user's repository, and git is only asked where the code branch of
an open session is in question. Importing it costs next to nothing: plain files, no types of ours.
"""

from __future__ import annotations

import os
import time
from collections.abc import Mapping, Sequence

from memcli.agents.registry import caller
from memcli.core.memory.base32 import ulid_of
from memcli.core.session import trailers
from memcli.core.session.names import harness_session, is_well_formed, living
from memcli.core.session.verbs import BRANCH, COMMIT, REWRITE
from memcli.git.tips import SESSIONS, is_commit, names, tip
from memcli.git.whereabouts import SESSION_MARK, Where, find, has_store
from memcli.state.hook_log import succeeded
from memcli.state.journal_append import jot
from memcli.system.detached import detached

MOST_SESSIONS, MOST_COPIES = 100, 20_000
"""Open sessions that hear of a rewrite; rewritten commits times sessions, so that no journal overflows."""
TAIL = 1 << 14
"""Bytes of HEAD's log that are looked at."""
FOLLOW = "follow-branches"
"""An event of ours, which git does not know."""


def git_event(event: str, arguments: Sequence[str], stdin: bytes, environ: Mapping[str, str]) -> None:
    """Serve one hook of git's in the directory where git runs it. Raises OSError; unknown events do nothing."""
    where = _where(os.getcwd(), environ)
    if where is None:
        return
    if event == "post-commit":
        post_commit(where, environ, *arguments[:1])
    elif event == "post-rewrite":
        post_rewrite(where, environ, stdin)
    elif event == "prepare-commit-msg":
        prepare_commit_msg(where, environ, *(*arguments, "", "")[:2])
    elif event in ("post-merge", "post-checkout"):
        _look_for_merged(where, environ, event, arguments)
    elif event == FOLLOW:
        _follow_branches(where, environ, *arguments[:1])
    else:
        return
    succeeded(os.path.join(where[1], "mem"), f"git.{event}")


def _where(here: str, environ: Mapping[str, str]) -> Where | None:
    """The repository with a memory that git runs us for; none for commits inside a session's own files."""
    said, found = environ.get("GIT_DIR", ""), find(here)
    git_dir = os.path.realpath(os.path.join(here, said)) if said else ""
    if git_dir and (found is None or found[0] != git_dir):  # `git --git-dir=…`, or a hook of a bare repository
        named = find(git_dir)
        tree = "" if os.path.realpath(here) == git_dir else here
        found = (git_dir, named[1], tree) if named and named[0] == git_dir else None
    if found is None or not has_store(found[1]) or os.path.exists(os.path.join(found[0], SESSION_MARK)):
        return None
    return found


def post_commit(where: Where, environ: Mapping[str, str], said: str = "") -> None:
    """Record a code commit of the session meant: HEAD, or the one that a script says which does not wait for us. Those
    that a rebase makes are told as rewritten ones."""
    git_dir, common, _ = where
    commit, session = said if is_commit(said) else tip(git_dir, common, "HEAD"), session_meant(where, environ)
    if commit and session and not _is_rebased(git_dir, commit):
        _jot(where, environ, COMMIT, session, {"commit": commit})


def post_rewrite(where: Where, environ: Mapping[str, str], stdin: bytes) -> None:
    """Record old and new ids in the session meant; in other open sessions, those of their own commits."""
    pairs = [b" ".join(line.split()[:2]).decode("ascii", "replace") for line in stdin.splitlines() if line.strip()]
    if not pairs:
        return
    meant, text = session_meant(where, environ), "\n".join(pairs)
    if meant:
        _jot(where, environ, REWRITE, meant, {"pairs": text})
    most = min(MOST_SESSIONS, MOST_COPIES // len(pairs))
    for name in [one for one in names(where[1], SESSIONS) if one != meant][:most]:
        _jot(where, environ, REWRITE, name, {"pairs": text, "own": "true"})


def prepare_commit_msg(where: Where, environ: Mapping[str, str], file: str, source: str) -> None:
    """Put the trailer `Mem-Session` into a message that is given; one that is still to be written in an editor, and
    those of merges, squashes and amends, stay as they are."""
    session = session_meant(where, environ) if source == "message" else ""
    if not session or not tip(*where[:2], SESSIONS + session):
        return
    from memcli.core.session.message_trailer import with_session

    with open(file, "r+b") as stream:
        message = stream.read()
        new = with_session(message, session)
        if new != message:
            stream.seek(0)
            stream.write(new)
            stream.truncate()


def _look_for_merged(where: Where, environ: Mapping[str, str], event: str, arguments: Sequence[str]) -> None:
    """Have somebody else ask git what was merged, where there are any sessions and a branch may have changed."""
    switched = event == "post-merge" or list(arguments[2:3]) == ["1"]
    if switched and names(where[1], SESSIONS):
        detached(["git", FOLLOW, event], where[2] or where[1], environ)


def _follow_branches(where: Where, environ: Mapping[str, str], event: str = "") -> None:
    """Note which sessions' code branches were merged, and have done what follows from that."""
    from memcli.operations.provenance.code_branches import newly_merged

    found = newly_merged(where, after_merge=event == "post-merge")
    for session, value in found:
        _jot(where, environ, BRANCH, session, {trailers.BRANCH_MERGED: value})
    if found:
        detached(["worker"], where[2] or where[1], environ)


def _jot(where: Where, environ: Mapping[str, str], verb: str, session: str, note: Mapping[str, str]) -> None:
    agent, _ = caller(environ)
    actor = agent or environ.get("USER") or environ.get("LOGNAME") or "user"
    op = ulid_of(time.time_ns() // 1_000_000, os.urandom(10))
    jot(where, op, verb, session, actor, agent, note)


def _is_rebased(git_dir: str, commit: str) -> bool:
    """Whether HEAD's log says that a rebase made the commit; without a log, whether there is a rebase."""
    try:
        with open(os.path.join(git_dir, "logs", "HEAD"), "rb") as log:
            log.seek(max(0, os.path.getsize(log.name) - TAIL))
            lines = log.read().splitlines()
    except OSError:
        lines = []
    for line in reversed(lines):
        if line[41:81] == commit.encode():
            return b"rebase" in line.partition(b"\t")[2].partition(b":")[0]
    return any(os.path.isdir(os.path.join(git_dir, name)) for name in ("rebase-merge", "rebase-apply"))


def session_meant(where: Where, environ: Mapping[str, str]) -> str:
    """As `sessions.Selection` has it: MEM_SESSION, the harness's id, else the caller's current one; what goes on under
    its name where it has ended; empty where there is none that could be recorded in."""
    agent, harness_id = caller(environ)
    said = environ.get("MEM_SESSION", "")
    if not said and agent and harness_id:
        said = harness_session(agent, harness_id)
    name = said or _current(where, agent)
    return "" if name == "none" or not is_well_formed(name) else _living(where, name)


def _living(where: Where, name: str) -> str:
    """The session, or the one that goes on under its name; also one whose start may still wait in the journal."""
    return living(name, names(where[1], SESSIONS)) or (name if _anything_waits(where) else "")


def _anything_waits(where: Where) -> bool:
    places = [
        os.path.join(where[1], "mem", "journal"),
        *([os.path.join(where[2], ".mem", "spool")] if where[2] else []),
    ]
    return any(len(name) == 26 for place in places if os.path.isdir(place) for name in os.listdir(place))


def _current(where: Where, agent: str | None) -> str:
    """The caller's current session in this worktree."""
    places, name = [os.path.join(where[0], "mem")], "session"
    places += [os.path.join(where[2], ".mem", "spool")] if where[2] else []
    if agent:
        from memcli.core.memory.identity import slug

        name = f"session-{slug(agent, 'agent')}"
    for place in places:
        try:
            with open(os.path.join(place, name), encoding="ascii") as stream:
                return stream.read(100).strip()
        except (OSError, ValueError):
            continue
    return ""
