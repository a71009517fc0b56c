"""What git's hooks record: a commit was made, commits were rewritten, a branch was merged or checked out.

Contract: nothing here waits for a lock or changes the user's repository; git itself is only asked in the background,
where the code branch of an open session may have been merged. Importing it costs next to nothing.
"""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence

from memcli.agents.events import FOLLOW_BRANCHES
from memcli.agents.registry import caller, is_nested
from memcli.branch import SESSIONS, is_initialised, open_sessions
from memcli.core.session.entry_verbs import BRANCH, COMMIT, REWRITE
from memcli.errors import Usage
from memcli.git.discovery import find
from memcli.git.layout import Layout
from memcli.git.ref_files import read_ref, ref_times
from memcli.git.reflog import newest_moves
from memcli.git.sharing import apply_sharing
from memcli.operations.events.found_commits import note_seen
from memcli.operations.events.hook_entries import append_event
from memcli.selection import Selection
from memcli.state.hook_log import append_success
from memcli.state.journal_files import waiting_near

MOST_SESSIONS, MOST_COPIES = 100, 20_000
"""Open sessions that a rewrite is recorded in; rewritten commits times sessions, so that no journal overflows."""
Environ = Mapping[str, str]


def serve_git_event(event: str, arguments: Sequence[str], stdin: bytes, environ: Environ) -> None:
    """Serve a git hook in the directory where git runs it. Raises OSError; unknown events do nothing."""
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
        _find_merged(layout, environ, event, arguments)
    elif event == FOLLOW_BRANCHES:
        _follow_branches(layout, environ, *arguments[:1])
    else:
        return
    append_success(layout.mem_dir, f"git.{event}")


def _repository(current: str, environ: Environ) -> Layout | None:
    """The repository that git runs us for, if it has a store of its own; None for commits in a session's own files."""
    layout = find(current, environ.get("GIT_DIR"))
    if layout is None or layout.inside_session or not is_initialised(layout):
        return None
    apply_sharing(layout)
    return layout


def post_commit(layout: Layout, environ: Environ, argument: str = "") -> None:
    """Record a code commit in the caller's session: the commit that a script names, which does not wait for us, else
    HEAD. Commits made by a rebase come as rewritten ones."""
    commit, session = argument if _is_commit(argument) else read_ref(layout, "HEAD"), caller_session(layout, environ)
    if commit:
        note_seen(layout, commit)
    if commit and session and not _is_rebased(layout.git_dir, commit):
        _append(layout, environ, COMMIT, session, {"commit": commit})


def post_rewrite(layout: Layout, environ: Environ, stdin: bytes) -> None:
    """Record old and new ids in the caller's session; in other open sessions, those of their own commits."""
    pairs = [b" ".join(line.split()[:2]).decode("ascii", "replace") for line in stdin.splitlines() if line.strip()]
    if not pairs:
        return
    own, text = caller_session(layout, environ), "\n".join(pairs)
    if own:
        _append(layout, environ, REWRITE, own, {"pairs": text})
    others = [name for name in _latest_first(layout) if name != own]
    for name in others[: min(MOST_SESSIONS, MOST_COPIES // len(pairs))]:
        _append(layout, environ, REWRITE, name, {"pairs": text, "own": "true"})


def prepare_commit_msg(layout: Layout, environ: Environ, file: str, source: str) -> None:
    """Add the trailer `Mem-Session` to a message that was given; those written in an editor, and those of merges,
    squashes and amends, stay as they are. A person's standing draft session is about no work in particular."""
    session = caller_session(layout, environ, only_work=True) if source == "message" else ""
    if not session or not read_ref(layout, SESSIONS + session):
        return
    from memcli.core.session.message_trailer import with_session

    with open(file, "r+b") as stream:
        before = stream.read()
        after = with_session(before, session)
        if after != before:
            stream.seek(0)
            stream.write(after)
            stream.truncate()


def _find_merged(layout: Layout, environ: Environ, event: str, arguments: Sequence[str]) -> None:
    """Ask git in the background what was merged, if there are sessions and a branch may have changed."""
    is_branch = event == "post-merge" or list(arguments[2:3]) == ["1"]
    if is_branch and open_sessions(layout):
        from memcli.system.detached import detached

        detached(["git", FOLLOW_BRANCHES, event], layout.worktree or layout.common_dir, environ)


def _follow_branches(layout: Layout, environ: Environ, event: str = "") -> None:
    """Record in sessions that their code branches were merged, and start the worker."""
    from memcli.core.session import trailers
    from memcli.operations.provenance.code_branches import newly_merged
    from memcli.system.detached import detached

    merged = newly_merged(layout, after_merge=event == "post-merge")
    for session, value in merged:
        _append(layout, environ, BRANCH, session, {trailers.BRANCH_MERGED: value})
    if merged:
        detached(["worker"], layout.worktree or layout.common_dir, environ)


def _append(layout: Layout, environ: Environ, verb: str, session: str, note: Mapping[str, str]) -> None:
    agent, _ = caller(environ)
    append_event(layout, verb, session, note, agent or _login(environ), agent)


def _login(environ: Environ) -> str:
    return environ.get("USER") or environ.get("LOGNAME") or "user"


def _latest_first(layout: Layout) -> list[str]:
    """The open sessions, the last moved first."""
    times = ref_times(layout, SESSIONS)
    return [ref.removeprefix(SESSIONS) for ref in sorted(times, key=lambda ref: (-times[ref], ref))]


def _is_commit(text: str) -> bool:
    """Whether a text is the full id of an object."""
    return len(text) == 40 and set(text) <= set("0123456789abcdef")


def _is_rebased(git_dir: str, commit: str) -> bool:
    """Whether HEAD's log says that a rebase made the commit; without a log, whether a rebase is under way."""
    for new, _, message in newest_moves(git_dir, "HEAD"):
        if new == commit:
            return "rebase" in message.partition(":")[0]
    return any(os.path.isdir(os.path.join(git_dir, name)) for name in ("rebase-merge", "rebase-apply"))


def caller_session(layout: Layout, environ: Environ, only_work: bool = False) -> str:
    """The session that any other command of the caller would use (`only_work`: unless it is a standing draft session),
    if it is open or its start may still wait in the journal; else empty."""
    agent, harness_id = caller(environ)
    named, login = environ.get("MEM_SESSION"), _login(environ)
    selection = Selection(layout, named, agent, harness_id, login, is_nested(environ))
    try:
        name = (selection.work if only_work else selection.name) or ""
    except Usage:
        return ""
    return name if name and (selection.is_open(name) or waiting_near(layout)) else ""
