"""`mem review -p`: a person decides on each candidate in turn, and all of it is carried out as one operation.

Nothing happens to the store before the summary is confirmed. Every decision is kept at once, so that an interruption
costs none.
"""

from __future__ import annotations

from memcli.cli.carried_decisions import carry_out
from memcli.cli.options import Call
from memcli.cli.review_answers import ANSWERS
from memcli.cli.review_interview import Interview
from memcli.cli.review_letters import candidate_prompt
from memcli.cli.views.letter_prompt import Typed, ask_letter
from memcli.cli.views.review_page import show_nothing_waiting
from memcli.core.review.candidate_selection import CandidateSelection
from memcli.errors import Interrupted, MemError, Refused, Usage
from memcli.system.interruption import tell_kept

_COMMANDS = "'mem review' shows what waits; 'mem promote ID…' and 'mem reject ID… -m REASON' decide"
_DONE, _QUIT = Typed("d"), Typed("q")


def ask_about_candidates(call: Call, selection: CandidateSelection, is_plain: bool = False) -> None:
    """Ask about each candidate that a selection means, then carry all decisions out.

    Raises Usage without a terminal, Refused for an agent, Conflict where something else would land than was shown.
    """
    if call.workspace.config.agent:
        raise Refused("agents cannot decide what is promoted", "leave it to a person; 'mem review' shows what waits")
    if not call.may_prompt:
        raise Usage("'-p' needs a terminal", _COMMANDS)
    interview = Interview(call, selection, is_plain)
    tell_kept(interview.kept_text)
    try:
        _run(interview)
    except Interrupted:
        interview.tell("")  # below the line that was interrupted
        raise


def _run(interview: Interview) -> None:
    interview.begin()
    refused: object = None
    while interview.walk.candidates:
        is_new = interview.walk.decided != refused
        typed = _DONE if interview.walk.is_done and is_new else _asked(interview)
        if typed == _QUIT:
            interview.tell_kept()
            return
        if typed != _DONE:
            _answer(interview, typed)
        elif carry_out(interview):
            return
        else:
            refused = dict(interview.walk.decided)
    show_nothing_waiting(interview.call)


def _asked(interview: Interview) -> Typed:
    """What a person answers about the current candidate; the end of the input quits."""
    interview.show_current()
    walk = interview.walk
    has_sides = bool(interview.context.others or walk.current.candidate.conflicts)
    prompt = candidate_prompt(walk.place + 1, len(walk.candidates), has_sides, interview.is_plain)
    return ask_letter(interview.call, prompt) or _QUIT


def _answer(interview: Interview, typed: Typed) -> None:
    """Do what a letter says, or tell why not."""
    try:
        ANSWERS[typed.letter](interview, typed.text)
    except MemError as error:
        interview.tell(f"{error.message}; {error.hint}" if error.hint else error.message)
