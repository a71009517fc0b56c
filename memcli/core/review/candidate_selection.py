"""Which of the candidates that wait somebody means: by ids, globs, sessions and filters."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase

from memcli.core.memory.identity import id_matches, refuse_several_ids, refuse_short_id
from memcli.core.review.waiting_candidate import WaitingCandidate
from memcli.core.session.names import THE_DREAM, is_dream, with_dreams
from memcli.core.text.first_few import first_few
from memcli.core.text.near_names import did_you_mean
from memcli.errors import NotFound, Usage

_OF_GLOBS = frozenset("*?[")


@dataclass(frozen=True)
class CandidateSelection:
    """Candidates by what they are; every field narrows the selection, an empty one does not.

    `ids`: names of sessions, which say where, and what is meant there: ids, unique prefixes (at least four characters)
    or suffixes of them, and globs over path, `TOPIC/SLUG`, key and session. `by`: names of agents, or parts of a
    person's name or email. `sessions`: names or globs. `sources`: where `mem bootstrap` found them. `clean`: only
    candidates without warnings; `skip_blocked`: without those that a finding blocks.
    """

    ids: tuple[str, ...] = ()
    topics: tuple[str, ...] = ()
    types: tuple[str, ...] = ()
    by: tuple[str, ...] = ()
    sessions: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()
    clean: bool = False
    skip_blocked: bool = False

    def allows(self, candidate: WaitingCandidate) -> bool:
        """Whether the findings about a candidate let it be meant."""
        return (candidate.is_clean or not self.clean) and not (self.skip_blocked and candidate.is_blocked)


ALL = CandidateSelection()
"""Everything that waits."""


def select_candidates(
    waiting: Sequence[WaitingCandidate], selection: CandidateSelection, own: str | None = None
) -> tuple[WaitingCandidate, ...]:
    """The candidates that a selection means, whatever was found about them; of an id that several sessions propose,
    that of the session `own`.

    Raises NotFound for a name or a filter that nothing has, Usage for an id that is too short or part of several.
    """
    here = _in_sessions(waiting, selection)
    sessions = {THE_DREAM, *(candidate.session for candidate in waiting)}
    patterns = [text for text in selection.ids if text not in sessions]
    chosen = {id(candidate) for text in patterns for candidate in _meant(text, here, own)}
    filtered = [candidate for candidate in here if _passes(candidate, selection)]
    selected = tuple(candidate for candidate in filtered if not patterns or id(candidate) in chosen)
    if not selected and selection != ALL:
        raise NotFound("nothing that awaits review is selected by all of these", _what_waits(waiting))
    return selected


def _in_sessions(waiting: Sequence[WaitingCandidate], selection: CandidateSelection) -> list[WaitingCandidate]:
    """The candidates in the sessions that are named; all where none is."""
    names = {candidate.session for candidate in waiting}
    wanted = {text for text in with_dreams(selection.ids, names) if text in names}
    if THE_DREAM in selection.ids and not any(map(is_dream, wanted)):
        raise NotFound("no dream awaits review", "'mem dream' proposes one")
    for pattern in with_dreams(selection.sessions, names):
        matches = {name for name in names if fnmatchcase(name, pattern)}
        if not matches:
            near = did_you_mean(pattern, names) or _what_waits(waiting)
            raise NotFound(f"no session {pattern[:60]!r} awaits review", near)
        wanted |= matches
    return [candidate for candidate in waiting if not wanted or candidate.session in wanted]


def _meant(text: str, waiting: Sequence[WaitingCandidate], own: str | None) -> list[WaitingCandidate]:
    """What a glob, an id or a part of one means. Raises NotFound, Usage."""
    if is_glob(text):
        matches = [candidate for candidate in waiting if any(fnmatchcase(name, text) for name in candidate.names)]
    else:
        refuse_short_id(text)
        matches = [candidate for candidate in waiting if id_matches(text, candidate.id)]
        _refuse_ambiguous(text, matches, own)
        matches = [candidate for candidate in matches if candidate.session == own] or matches
    if not matches:
        near = did_you_mean(text, {name for candidate in waiting for name in (*candidate.names, candidate.id)})
        what = (
            "nothing that awaits review matches" if is_glob(text) else "no candidate or open session has the id or name"
        )
        raise NotFound(f"{what} {text[:60]!r}", near or _what_waits(waiting))
    return matches


def _refuse_ambiguous(text: str, matches: Sequence[WaitingCandidate], own: str | None) -> None:
    """Raise Usage for a part of several ids, and for an id that several sessions propose, `own` not among them."""
    refuse_several_ids(text, sorted({candidate.id for candidate in matches}))
    sessions = sorted({candidate.session for candidate in matches})
    if len(sessions) > 1 and own not in sessions:
        problem = f"several sessions propose {text!r}: {', '.join(sessions)}"
        raise Usage(problem, f"add the session's name, for example '{sessions[0]} {text}'")


def is_glob(text: str) -> bool:
    """Whether a text is a pattern rather than a name."""
    return not _OF_GLOBS.isdisjoint(text)


def _passes(candidate: WaitingCandidate, selection: CandidateSelection) -> bool:
    return (
        (not selection.topics or candidate.topic in selection.topics)
        and (not selection.types or candidate.type in selection.types)
        and (not selection.sources or candidate.source in selection.sources)
        and (not selection.by or any(candidate.is_by(name) for name in selection.by))
    )


def _what_waits(waiting: Sequence[WaitingCandidate]) -> str:
    """A hint: the sessions and topics that there are."""
    if not waiting:
        return "nothing awaits review; 'mem add' adds a candidate"
    some = first_few(sorted({candidate.session for candidate in waiting}), 5)
    topics = sorted({candidate.topic for candidate in waiting})
    return f"'mem review' shows what waits: sessions {some}; topics {', '.join(topics[:8])}"
