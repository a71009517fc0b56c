"""What `mem promote` and `mem reject` mean by the names, ids, globs and filters that they are given."""

from __future__ import annotations

from dataclasses import dataclass, replace

from memcli.core.review.candidate_selection import CandidateSelection, is_glob
from memcli.core.session.names import THE_DREAM, is_dream, is_well_formed
from memcli.errors import NotFound
from memcli.operations.review.decisions import CandidateRef, Decisions
from memcli.operations.review.review import choose_session, waiting_sessions
from memcli.operations.review.waiting import selected_candidates, waiting_candidates
from memcli.operations.sessions.list import list_sessions
from memcli.operations.writing.waiting_entries import with_waiting_entries
from memcli.selection import Selection, session_meant
from memcli.sessions import Sessions
from memcli.workspace import Workspace


@dataclass(frozen=True)
class Targets:
    """`whole`: sessions that are meant with all that they propose; `refs`: single candidates; `is_by_pattern`: nobody
    named each of them."""

    whole: tuple[str, ...] = ()
    refs: tuple[CandidateRef, ...] = ()
    is_by_pattern: bool = False

    def promotions(self) -> Decisions:
        """The decision to promote them."""
        return Decisions(self.refs, self.whole)

    def unfinished_dream(self, sessions: Sessions) -> str | None:
        """The only session that is meant, where it is a dream that was interrupted before it could propose anything."""
        names = self.whole if len(self.whole) == 1 and is_dream(self.whole[0]) else ()
        return next((name for name in names if not sessions.candidates(sessions.load(name))), None)

    def rejections(self, sessions: Sessions, reason: str) -> Decisions:
        """The decision to reject them, for one reason. Raises NotFound where a session proposes nothing."""
        refs = list(self.refs)
        for name in self.whole:
            candidates = sessions.candidates(sessions.load(name))
            if not candidates:
                raise NotFound(f"the session {name} proposes nothing", "'mem' lists what waits")
            refs += [CandidateRef(name, candidate.id) for candidate in candidates]
        return Decisions(reject=dict.fromkeys(refs, reason))


def decision_targets(workspace: Workspace, selection: CandidateSelection, everything: bool, verb: str) -> Targets:
    """What a selection means, the oldest session first unless they are named: with nothing in it the caller's session,
    or the only one that awaits review; all of them where `everything` is meant.

    Raises NotFound (naming the sessions there are, for `verb`), Usage.
    """
    mine = replace(selection, skip_blocked=False)
    if mine == CandidateSelection() and everything:
        return Targets(
            tuple(session.name for session, _ in reversed(waiting_sessions(list_sessions(workspace)))), (), True
        )
    if mine == CandidateSelection():
        return Targets((choose_session(workspace, None, verb),))
    ahead = with_waiting_entries(workspace).selection
    ids = (session_meant(workspace.layout, text) if text == THE_DREAM else text for text in mine.ids)
    sessions = (ahead.successor(name) if is_well_formed(name) else name for name in mine.sessions)
    mine = replace(mine, ids=tuple(ids), sessions=tuple(sessions))
    for name in filter(is_well_formed, (*mine.ids, *mine.sessions)):
        if ahead.has_ended(name):
            workspace.sessions.load(name)  # says so
    names = _only_sessions(mine, ahead)
    if names:
        return Targets(tuple(names))
    chosen = waiting_candidates(workspace, mine).candidates if mine.clean else selected_candidates(workspace, mine)
    is_by_pattern = len(chosen) > len(mine.ids) or any(map(is_glob, mine.ids))
    return Targets((), tuple(CandidateRef(each.session, each.id) for each in reversed(chosen)), is_by_pattern)


def _only_sessions(selection: CandidateSelection, open_ones: Selection) -> list[str]:
    """The sessions that are named, where nothing but their names is given; sessions without candidates among them."""
    names = [*selection.ids, *selection.sessions]
    is_plain = selection == CandidateSelection(ids=selection.ids, sessions=selection.sessions)
    is_one_kind = is_plain and not (selection.ids and selection.sessions)
    if is_one_kind and all(is_well_formed(name) and open_ones.is_open(name) for name in names):
        return list(dict.fromkeys(names))
    return []
