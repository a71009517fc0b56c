"""`mem review`: a session as a pull request page."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from memcli.core.session.names import THE_DREAM
from memcli.core.session.state import Session
from memcli.errors import NotFound
from memcli.operations.review.gate import EVERYTHING, GateScope, Review, open_gate
from memcli.operations.sessions.list import SessionSummary, list_sessions
from memcli.operations.sessions.save import save_if_present
from memcli.operations.writing.transaction import drain_before_reading
from memcli.operations.writing.unsaved_files import unsaved_files
from memcli.operations.writing.waiting_entries import with_waiting_entries
from memcli.selection import Selection, session_meant
from memcli.sessions import Sessions
from memcli.workspace import Workspace


def review_session(workspace: Workspace, name: str, scope: GateScope = EVERYTHING) -> Review:
    """The review of a session, its worktree saved and its queued writes carried out where possible.

    Raises NotFound, Usage.
    """
    save_if_present(workspace, name)
    drain_before_reading(workspace)
    ahead = with_waiting_entries(workspace)
    return open_gate(ahead).review(ahead.sessions.load(name), scope)


def waiting_sessions(summaries: Iterable[SessionSummary]) -> list[tuple[Session, int]]:
    """(session, number of candidates) of those of the sessions that await review."""
    return [(summary.session, len(summary.candidates)) for summary in summaries if summary.candidates]


def choose_session(workspace: Workspace, name: str | None, verb: str = "review") -> str:
    """The session a command is about: the one named, the caller's, or the only one awaiting review. Raises NotFound,
    whose example is a call of `verb`."""
    drain_before_reading(workspace)
    if name:
        return session_meant(workspace.layout, name)
    ahead = with_waiting_entries(workspace)
    own = _own_session(ahead.selection, ahead.sessions, lambda name: bool(unsaved_files(ahead, name).findings))
    if own:
        return own
    waiting = [session.name for session, _ in waiting_sessions(list_sessions(workspace))]
    if len(waiting) == 1:
        return waiting[0]
    if waiting:
        example = f"add the session's name, for example 'mem {verb} {waiting[0]}'"
        example += "" if verb == "review" else ", a filter such as '--topic', or '--all' for all of them"
        raise NotFound(f"several sessions await review: {', '.join(waiting)}", example)
    raise NotFound("no session awaits review", "'mem add' adds a candidate")


def _own_session(selection: Selection, sessions: Sessions, has_files: Callable[[str], bool]) -> str | None:
    """The caller's session where it is open; None for a standing draft session with nothing in it, no file either."""
    name = selection.name
    if name is None or not selection.is_open(name):
        return None
    session = sessions.load(name)
    is_empty = session.goes_on and not sessions.candidates(session)
    return None if is_empty and not has_files(name) else name


def session_to_review(workspace: Workspace, names: Sequence[str]) -> str | None:
    """The one session that a review is about: the one that is named alone, else the one that an agent works in or that
    the caller has chosen for this call; None where it is about all that waits."""
    drain_before_reading(workspace)
    ahead, config = with_waiting_entries(workspace), workspace.config
    if len(names) == 1:
        name = session_meant(ahead.layout, names[0]) if names[0] == THE_DREAM else names[0]
        return name if ahead.selection.is_open(name) else None
    if names or not (config.agent or config.session):
        return None
    return _own_session(ahead.selection, ahead.sessions, lambda name: bool(unsaved_files(ahead, name).findings))
