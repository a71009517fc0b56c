"""`mem review -p`: a person decides on each candidate in turn, then everything is carried out at once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from memcli.cli.options import Call
from memcli.cli.views.output import note
from memcli.cli.views.promotion import show_promoted
from memcli.cli.views.review_page import show_candidate
from memcli.cli.views.terminal import ask_choice, ask_text
from memcli.core.review.candidates import POLICY, Candidate
from memcli.errors import Conflict, MemError, Usage
from memcli.operations.review.gate import GateScope, Review
from memcli.operations.review.review import review_session

_QUESTION = "a accept, r reject, e edit, s skip, q stop"
_CHOICES = ("a", "r", "e", "s", "q")


@dataclass
class _Decisions:
    """The text of each accepted candidate by its id, and the ids of rejected ones."""

    accepted: dict[str, str] = field(default_factory=dict)
    rejected: list[str] = field(default_factory=list)


def review_each(call: Call, review: Review) -> None:
    """Ask about each candidate, then promote those accepted and reject those rejected. Raises Usage, Conflict."""
    if not call.may_prompt:
        raise Usage("'-p' needs a terminal", "use 'mem promote --only ID' and 'mem reject ID' instead")
    decisions = _Decisions()
    for number, candidate in enumerate(review.candidates, 1):
        answer = _decide(call, review, candidate, f"[{number}/{len(review.candidates)}]", decisions)
        if answer == "q":
            break
    _carry_out(call, review.session.name, decisions)


def _decide(call: Call, review: Review, candidate: Candidate, position: str, decisions: _Decisions) -> str:
    """Show a candidate and ask, once more after each edit; the answer, noted in the decisions."""
    while True:
        show_candidate(call, review, candidate, position)
        answer = ask_choice(_QUESTION, _CHOICES)
        if answer != "e":
            break
        review, candidate = _edited(call, review, candidate)
    if answer == "a":
        decisions.accepted[candidate.id] = candidate.new_text
    elif answer == "r":
        decisions.rejected.append(candidate.id)
    return answer


def _edited(call: Call, review: Review, candidate: Candidate) -> tuple[Review, Candidate]:
    """The candidate as it would land after a change in the editor, with its review; as it was if that fails."""
    from memcli.cli.typed_memories import edit_in_editor
    from memcli.operations.memories.changes import open_memory

    name = review.session.name
    if candidate.change == POLICY:
        note(call, "use 'mem policy edit' to change the policy")
        return review, candidate
    inside = Call(replace(call.flags, session=name))
    try:
        edit_in_editor(inside, open_memory(inside.workspace, candidate.id))
        again = review_session(Call(call.flags).workspace, name, GateScope((candidate.id,)))
        return again, again.candidates[0]
    except MemError as error:
        note(call, f"not changed: {error.message}; {error.hint}")
        return review, candidate


def _carry_out(call: Call, session: str, decisions: _Decisions) -> None:
    if decisions.rejected:
        _reject(call, session, decisions.rejected)
    if decisions.accepted:
        _promote(call, session, decisions.accepted)
    if not decisions.accepted and not decisions.rejected:
        note(call, "nothing decided; nothing was changed")


def _reject(call: Call, session: str, ids: list[str]) -> None:
    from memcli.operations.review.reject import reject

    rejected = reject(call.workspace, session, ids, ask_text("reason for rejecting: ", "not wanted"))
    note(call, f"rejected {len(rejected.rejected)}")


def _promote(call: Call, session: str, accepted: dict[str, str]) -> None:
    from memcli.operations.review.promote import PromoteRequest, promote

    review = review_session(call.workspace, session, GateScope(tuple(accepted)))
    _refuse_unseen(review, accepted)
    request = PromoteRequest(session, tuple(accepted), review.result, consent=True)
    promoted = promote(call.workspace, request)
    show_promoted(call, promoted)


def _refuse_unseen(review: Review, seen: Mapping[str, str]) -> None:
    """Raise Conflict where a candidate is no longer the text that the person has seen."""
    for candidate in review.candidates:
        if candidate.id in seen and candidate.new_text != seen[candidate.id]:
            raise Conflict(
                f"{candidate.title!r} changed while you were deciding",
                f"run 'mem review {review.session.name} -p' again",
            )
