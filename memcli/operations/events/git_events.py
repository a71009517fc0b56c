"""What git tells its hooks: a commit was made, commits were rewritten, a branch was merged or checked out.

Contract: nothing here waits for a lock or changes the user's repository, and git is only asked where the code branch of
an open session is in question. Importing it costs next to nothing: plain files, no types of ours.
"""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence

from memcli.agents.registry import caller
from memcli.branch import SESSIONS, is_initialised, open_sessions
from memcli.core.session.verbs import BRANCH, COMMIT, REWRITE
from memcli.errors import Usage
from memcli.git.layout import Layout, find
from memcli.git.ref_files import read_ref, ref_times
from memcli.operations.events.hook_entries import append_event
from memcli.selection import Selection
from memcli.state.hook_log import succeeded
from memcli.state.journal_files import journal_dir, spool_dir, waiting_operations

MOST_SESSIONS, MOST_COPIES = 100, 20_000
"""Open sessions that hear of a rewrite; rewritten commits times sessions, so that no journal overflows."""
TAIL = 1 << 14
"""Bytes of HEAD's log that are looked at."""
FOLLOW = "follow-branches"
"""An event of ours, which git does not know."""


def git_event(event: str, arguments: Sequence[str], stdin: bytes, environ: Mapping[str, str]) -> None:
    """Serve one hook of git's in the directory where git runs it. Raises OSError; unknown events do nothing."""
    layout = _repository(os.getcwd(), environ)
    if layout is None:
        return
    if event == "post-commit":
        post_commit(layout, environ, *arguments[:1])
    elif event == "post-rewrite":
        post_rewrite(layout, environ, stdin)
    elif event == "prepare-commit-msg":
        prepare_commit_msg(layout, environ, *(*arguments, "", "")[:2])
    elif event in ("post-merge", "post-checkout"):
        _look_for_merged(layout, environ, event, arguments)
    elif event == FOLLOW:
        _follow_branches(layout, environ, *arguments[:1])
    else:
        return
    succeeded(layout.mem_dir, f"git.{event}")


def _repository(here: str, environ: Mapping[str, str]) -> Layout | None:
    """The repository with a store of its own that git runs us for; None for commits inside a session's own files."""
    layout = find(here, environ.get("GIT_DIR"))
    return layout if layout and not layout.inside_session and is_initialised(layout) else None


def post_commit(layout: Layout, environ: Mapping[str, str], said: str = "") -> None:
    """Record a code commit of the session meant: HEAD, or the one that a script says which does not wait for us. Those
    that a rebase makes are told as rewritten ones."""
    commit, session = said if _is_commit(said) else read_ref(layout, "HEAD"), session_meant(layout, environ)
    if commit and session and not _is_rebased(layout.git_dir, commit):
        _append(layout, environ, COMMIT, session, {"commit": commit})


def post_rewrite(layout: Layout, environ: Mapping[str, str], stdin: bytes) -> None:
    """Record old and new ids in the session meant; in other open sessions, those of their own commits."""
    pairs = [b" ".join(line.split()[:2]).decode("ascii", "replace") for line in stdin.splitlines() if line.strip()]
    if not pairs:
        return
    meant, text = session_meant(layout, environ), "\n".join(pairs)
    if meant:
        _append(layout, environ, REWRITE, meant, {"pairs": text})
    most = min(MOST_SESSIONS, MOST_COPIES // len(pairs))
    others = [name for name in _latest_first(layout) if name != meant]
    for name in others[:most]:
        _append(layout, environ, REWRITE, name, {"pairs": text, "own": "true"})


def prepare_commit_msg(layout: Layout, environ: Mapping[str, str], file: str, source: str) -> None:
    """Put the trailer `Mem-Session` into a message that is given; one that is still to be written in an editor, and
    those of merges, squashes and amends, stay as they are."""
    session = session_meant(layout, environ) if source == "message" else ""
    if not session or not read_ref(layout, SESSIONS + session):
        return
    from memcli.core.session.message_trailer import with_session

    with open(file, "r+b") as stream:
        message = stream.read()
        new = with_session(message, session)
        if new != message:
            stream.seek(0)
            stream.write(new)
            stream.truncate()


def _look_for_merged(layout: Layout, environ: Mapping[str, str], event: str, arguments: Sequence[str]) -> None:
    """Have somebody else ask git what was merged, where there are any sessions and a branch may have changed."""
    switched = event == "post-merge" or list(arguments[2:3]) == ["1"]
    if switched and open_sessions(layout):
        from memcli.system.detached import detached

        detached(["git", FOLLOW, event], layout.worktree or layout.common_dir, environ)


def _follow_branches(layout: Layout, environ: Mapping[str, str], event: str = "") -> None:
    """Note which sessions' code branches were merged, and have done what follows from that."""
    from memcli.core.session import trailers
    from memcli.operations.provenance.code_branches import newly_merged
    from memcli.system.detached import detached

    found = newly_merged(layout, after_merge=event == "post-merge")
    for session, value in found:
        _append(layout, environ, BRANCH, session, {trailers.BRANCH_MERGED: value})
    if found:
        detached(["worker"], layout.worktree or layout.common_dir, environ)


def _append(layout: Layout, environ: Mapping[str, str], verb: str, session: str, note: Mapping[str, str]) -> None:
    agent, _ = caller(environ)
    actor = agent or environ.get("USER") or environ.get("LOGNAME") or "user"
    append_event(layout, verb, session, note, actor, agent)


def _latest_first(layout: Layout) -> list[str]:
    """The open sessions, the latest moved first."""
    times = ref_times(layout, SESSIONS)
    return [ref.removeprefix(SESSIONS) for ref in sorted(times, key=lambda ref: (-times[ref], ref))]


def _is_commit(text: str) -> bool:
    """Whether a text is the full id of an object."""
    return len(text) == 40 and set(text) <= set("0123456789abcdef")


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


def session_meant(layout: Layout, environ: Mapping[str, str]) -> str:
    """The session that any other command would mean, if something can be recorded in it: it is open, or its start may
    be waiting in the journal; else empty."""
    agent, harness_id = caller(environ)
    selection = Selection(layout, environ.get("MEM_SESSION"), agent, harness_id)
    try:
        name = selection.name or ""
    except Usage:
        return ""
    return name if name and (selection.is_open(name) or _anything_waits(layout)) else ""


def _anything_waits(layout: Layout) -> bool:
    directories = [journal_dir(layout), *([spool_dir(layout.worktree)] if layout.worktree else [])]
    return any(map(waiting_operations, directories))
