"""Code commits of a harness whose shell runs git without hooks, found in the log of HEAD at the harness's next event.

Invariant: only what is certain. A commit that git's own hooks have seen is somebody else's, and while another session
is alive in the same worktree none is attributed. Where nothing is new, this reads two small files.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from itertools import pairwise

from memcli.core.session.entry_verbs import COMMIT, REWRITE
from memcli.git.layout import Layout, session_worktrees
from memcli.git.ref_files import read_ref
from memcli.git.reflog import newest_moves
from memcli.operations.events.hook_entries import append_event
from memcli.state.liveness import living_sessions, marks_dir

MOST_SEEN = 1 << 16
"""Bytes of the file with the commits that git's hooks have seen."""
_SEEN, _HEAD = ".commits", "{}.head"
_MADE = ("commit", "cherry-pick", "revert")
"""How the log's messages of commits begin, those of amended ones too."""


def note_head(layout: Layout, session: str) -> None:
    """Note where HEAD is, so that what is committed from now on may be the session's."""
    _write(layout, _HEAD.format(session), "w", read_ref(layout, "HEAD") or "")


def note_seen(layout: Layout, commit: str) -> None:
    """Note, while sessions are marked as alive, that git's own hooks have seen a commit."""
    seen = _read(layout, _SEEN)
    if os.path.isdir(marks_dir(layout.mem_dir)):
        _write(layout, _SEEN, "a" if len(seen) < MOST_SEEN else "w", f"{commit}\n")


def record_found_commits(layout: Layout, session: str, agent: str) -> None:
    """Record the commits that the session's agent has made since its last event. Raises OSError."""
    head, before = read_ref(layout, "HEAD"), _read(layout, _HEAD.format(session))
    if not head or not before or head == before:
        return
    note_head(layout, session)
    seen = set(_read(layout, _SEEN).split())
    commits = [(commit, replaced) for commit, replaced in _commits_since(layout.git_dir, before) if commit not in seen]
    if not commits or not _is_alone(layout, session):
        return
    for commit, replaced in reversed(commits):
        append_event(layout, COMMIT, session, {"commit": commit}, agent, agent)
        if replaced:
            append_event(layout, REWRITE, session, {"pairs": f"{replaced} {commit}"}, agent, agent)


def _commits_since(git_dir: str, before: str) -> Iterator[tuple[str, str]]:
    """(commit, the one that it amends or empty) of those made since HEAD was at `before`, the newest first."""
    moves = [(commit, message) for commit, _, message in newest_moves(git_dir, "HEAD")]
    end = next((number for number, (commit, _) in enumerate(moves) if commit == before), 0)  # 0: the log was cut
    for (commit, message), (earlier, _) in pairwise(moves[: end + 1]):
        if message.startswith(_MADE):
            yield commit, earlier if message.startswith("commit (amend)") else ""


def _is_alone(layout: Layout, session: str) -> bool:
    """Whether no other living session may be at work in this worktree."""
    elsewhere = {name for name, code in session_worktrees(layout) if code.git_dir != layout.git_dir}
    return not {name for name in living_sessions(layout.mem_dir) if name not in elsewhere} - {session}


def _read(layout: Layout, name: str) -> str:
    try:
        with open(os.path.join(marks_dir(layout.mem_dir), name), encoding="ascii", errors="replace") as stream:
            return stream.read().strip()
    except OSError:
        return ""


def _write(layout: Layout, name: str, mode: str, text: str) -> None:
    try:
        with open(os.path.join(marks_dir(layout.mem_dir), name), mode, encoding="ascii") as stream:
            stream.write(text)
    except OSError:
        pass  # below a read-only `.git` nothing is found
