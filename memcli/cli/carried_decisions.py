"""The end of `mem review -p`: the summary, one confirmation, and one operation."""

from __future__ import annotations

from memcli.cli.review_interview import Interview
from memcli.cli.review_letters import CONFIRM
from memcli.cli.views.decision_summary import done_rows, summary_rows
from memcli.cli.views.letter_prompt import LetterPrompt, Typed, ask_letter
from memcli.cli.views.quantities import quantity
from memcli.cli.views.terminal import progress
from memcli.errors import Conflict, MemError
from memcli.operations.review.decide import decide
from memcli.operations.review.decisions import Consent, Decided, Decisions
from memcli.operations.review.settled_pairs import decisions_to_carry_out


def carry_out(interview: Interview) -> bool:
    """Show what the decisions do, and do it if a person agrees; whether the interview is over.

    Raises Conflict where the store or a session moved behind the summary; the decisions are kept then.
    """
    if not interview.walk.decided:
        interview.tell("nothing is decided yet")
        return False
    walk = interview.walk
    decisions = decisions_to_carry_out(interview.call.workspace, walk.decided, walk.candidates)
    ahead = _ahead(interview, decisions)
    if ahead is None:
        return False
    interview.print_rows(summary_rows(interview.walk, ahead))
    typed = ask_letter(interview.call, _prompt(interview)) or Typed("q")
    if typed.letter == "y":
        _do(interview, decisions, ahead)
    elif typed.letter == "q":
        interview.tell_kept()
    return typed.letter != "n"


def _ahead(interview: Interview, decisions: Decisions) -> Decided | None:
    """What would be done; None where it cannot be, which is told."""
    try:
        with progress(interview.call, "checking"):
            return decide(interview.call.workspace, decisions, Consent(True), dry_run=True)
    except MemError as error:
        interview.tell(f"this cannot be carried out: {error.message}; {error.hint}")
        interview.read_again()
        return None


def _prompt(interview: Interview) -> LetterPrompt:
    count = quantity(len(interview.walk.decided), "decision")
    question = f"Carry out {count}?"
    return LetterPrompt(question, CONFIRM, "ynq", interview.is_plain)


def _do(interview: Interview, decisions: Decisions, ahead: Decided) -> None:
    try:
        with progress(interview.call, "merging"):
            decided = decide(interview.call.workspace, decisions, Consent(True, ahead.result or None))
    except Conflict as error:
        error.hint = "'mem review -p' shows what is there now; the decisions about what has not changed are kept"
        raise
    interview.kept.forget(interview.walk.decided)
    interview.print_rows(done_rows(decided, len(interview.walk.undecided())))
