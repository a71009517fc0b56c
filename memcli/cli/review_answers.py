"""What each letter of `mem review -p` does."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

from memcli.cli.options import Call
from memcli.cli.review_interview import Interview
from memcli.cli.review_letters import KEEP_BOTH, KEEP_OTHER, KEEP_THIS, likely_reason
from memcli.cli.review_walk import acceptance, rejection
from memcli.cli.settled_sides import settled
from memcli.cli.views.asked_candidate import list_rows
from memcli.cli.views.quantities import quantity
from memcli.cli.views.terminal import ask_choice, ask_text
from memcli.core.review.candidates import POLICY
from memcli.core.review.waiting_candidate import WaitingCandidate
from memcli.errors import Usage
from memcli.operations.review.pending_decisions import ref_of


def _accept(interview: Interview, _: str) -> None:
    _accept_all(interview, [interview.walk.current])
    interview.walk.go_on()


def _accept_all(interview: Interview, candidates: Sequence[WaitingCandidate]) -> None:
    able = [candidate for candidate in candidates if not candidate.is_blocked]
    if not able:
        problem = "a finding blocks it" if candidates else "there are none without a decision"
        raise Usage(problem, "e edits it, r rejects it" if candidates else "l lists all")
    interview.made({ref_of(candidate): acceptance(candidate) for candidate in able})
    if len(candidates) > 1:
        blocked = len(candidates) - len(able)
        rest = f"; {quantity(blocked, 'candidate')} blocked and left" if blocked else ""
        interview.tell(f"accepted {len(able)}{rest}")


def _accept_rest(choose: Callable[[Interview], Sequence[WaitingCandidate]]) -> Callable[[Interview, str], None]:
    def accept(interview: Interview, _: str) -> None:
        _accept_all(interview, choose(interview))
        interview.walk.go_on()

    return accept


def _reject(interview: Interview, reason: str) -> None:
    waiting = interview.walk.current
    interview.made({ref_of(waiting): rejection(waiting, reason or _asked_reason(likely_reason(waiting)))})
    interview.walk.go_on()


def _reject_rest(interview: Interview, text: str) -> None:
    kind, _, reason = text.partition(" ")
    while kind not in ("t", "s"):
        kind = ask_choice("reject all undecided of this topic or session?", ("t", "s"))
    walk = interview.walk
    candidates = walk.rest_of_topic() if kind == "t" else walk.rest_of_session()
    if not candidates:
        raise Usage("there are none without a decision", "l lists all")
    reason = reason.strip() or _asked_reason("not wanted")
    interview.made({ref_of(candidate): rejection(candidate, reason) for candidate in candidates})
    interview.tell(f"rejected {len(candidates)}")
    walk.go_on()


def _asked_reason(default: str) -> str:
    return ask_text(f"reason [{default}]: ", default)


def _settle(choice: str) -> Callable[[Interview, str], None]:
    def settle(interview: Interview, _: str) -> None:
        walk = interview.walk
        if choice == KEEP_THIS and walk.current.candidate.conflicts:
            _keep_version_of_session(interview)
            return
        interview.made(settled(choice, walk.current, interview.context, walk.candidates))
        walk.go_on()

    return settle


def _keep_version_of_session(interview: Interview) -> None:
    """Settle the conflict of the candidate with what its session says; it is checked and asked about again."""
    from memcli.core.merge.conflict import THEIRS
    from memcli.operations.memories.question_case import open_case
    from memcli.operations.memories.resolve import ResolveRequest, resolve

    waiting = interview.walk.current
    workspace = _inside(interview, waiting).workspace
    resolve(workspace, open_case(workspace, waiting.id), ResolveRequest(keep=THEIRS))
    interview.read_again()


def _edit(interview: Interview, _: str) -> None:
    """Open the candidate in the editor; it is checked again, and asked about again."""
    from memcli.cli.typed_memories import edit_in_editor
    from memcli.operations.memories.changes import open_memory

    waiting = interview.walk.current
    if waiting.candidate.change == POLICY:
        raise Usage("the policy is not edited here", "use 'mem policy edit'")
    inside = _inside(interview, waiting)
    edit_in_editor(inside, open_memory(inside.workspace, waiting.id))
    interview.read_again()


def _inside(interview: Interview, waiting: WaitingCandidate) -> Call:
    """The call in the session of a candidate."""
    return Call(replace(interview.call.flags, session=waiting.session))


def _skip(interview: Interview, _: str) -> None:
    if not interview.walk.go_on():
        interview.tell("all others are decided")


def _list(interview: Interview, _: str) -> None:
    walk = interview.walk
    interview.print_rows(list_rows(walk.candidates, [walk.of(candidate) for candidate in walk.candidates]))


def _history(interview: Interview, memory_id: str) -> None:
    from memcli.cli.views.history import show_log
    from memcli.operations.history.log import LogRequest, store_log

    waiting = interview.walk.current
    if not memory_id and waiting.candidate.before is None:
        interview.tell(f"not in the store yet; proposed by {waiting.author} in {waiting.session}")
        return
    show_log(interview.call, store_log(interview.call.workspace, LogRequest(memory_id or waiting.id)))


def _search(interview: Interview, words: str) -> None:
    from memcli.cli.views.recall_hits import show_recalled
    from memcli.operations.recall.recall import RecallRequest, recall

    if not words:
        raise Usage("no words to search for", "type them behind the slash: /retry limit")
    show_recalled(interview.call, recall(interview.call.workspace, RecallRequest(words, limit=5)), False, None)


ANSWERS: Mapping[str, Callable[[Interview, str], None]] = {
    "a": _accept,
    "r": _reject,
    "e": _edit,
    "s": _skip,
    KEEP_THIS: _settle(KEEP_THIS),
    KEEP_OTHER: _settle(KEEP_OTHER),
    KEEP_BOTH: _settle(KEEP_BOTH),
    "T": _accept_rest(lambda interview: interview.walk.rest_of_topic()),
    "S": _accept_rest(lambda interview: interview.walk.rest_of_session()),
    "A": _accept_rest(lambda interview: interview.walk.clean_rest()),
    "R": _reject_rest,
    "p": lambda interview, _: interview.walk.go_back(),
    "g": lambda interview, text: interview.walk.go_to(text),
    "l": _list,
    "v": lambda interview, _: interview.show_current(again=True),
    "h": _history,
    "/": _search,
    "u": lambda interview, _: interview.take_back(),
}
"""Letter → what it does, with the text behind it. Raises MemError where it cannot be done."""
