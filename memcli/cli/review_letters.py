"""The letters of `mem review -p`: what a person may answer about a candidate, and about the summary."""

from __future__ import annotations

from memcli.cli.views.letter_prompt import Letter, LetterPrompt
from memcli.core.finding import INFO
from memcli.core.review.waiting_candidate import WaitingCandidate

KEEP_THIS, KEEP_OTHER, KEEP_BOTH = "k", "o", "b"
SIDES = (
    Letter(KEEP_THIS, "keep this one; the other one is rejected, or goes out of use"),
    Letter(KEEP_OTHER, "keep the other one; this one is rejected"),
    Letter(KEEP_BOTH, "keep both; they are not compared again until one of them changes"),
)
"""The answers to a question with two sides."""
TWO_SIDES = (KEEP_THIS, KEEP_OTHER)
"""The letters that keep the first and the second side, here and in `mem resolve`."""
_DECIDING = (
    Letter("a", "accept this candidate", also="y"),
    Letter("r", "reject it; asks for the reason unless one follows", "REASON"),
    Letter("e", "edit it in your editor; it is checked and shown again"),
    Letter("s", "skip it: leave it undecided", also="n"),
)
_MANY = (
    Letter("T", "accept all of this topic that is undecided"),
    Letter("S", "accept all of this session that is undecided"),
    Letter("A", "accept all that is undecided and has no warning"),
    Letter("R", "reject all of this topic (R t) or session (R s) that is undecided", "t|s REASON"),
)
_MOVING = (
    Letter("p", "go to the previous candidate"),
    Letter("g", "go to a candidate by its number or id", "NUMBER|ID"),
    Letter("l", "list all candidates and decisions"),
    Letter("v", "view this candidate again"),
    Letter("h", "show the history of this memory, or of another one", "ID"),
    Letter("/", "search the store", "WORDS"),
    Letter("u", "undo the last decision"),
    Letter("d", "done: show the summary, then carry the decisions out"),
    Letter("q", "quit; the decisions are kept for the next time"),
)
CONFIRM = (
    Letter("y", "carry it out, as one operation that 'mem undo' takes back"),
    Letter("n", "go back to the candidates"),
    Letter("q", "quit; the decisions are kept for the next time"),
)


def candidate_prompt(place: int, count: int, has_sides: bool, is_plain: bool) -> LetterPrompt:
    """The question about one candidate; `has_sides`: a finding names another memory."""
    usual = ("a", "r", *(side.letter for side in SIDES if has_sides), *"espAdq")
    question = f"Candidate {place} of {count}: accept it?" if is_plain else f"({place}/{count}) Accept this candidate?"
    return LetterPrompt(question, (*_DECIDING, *SIDES, *_MANY, *_MOVING), usual, is_plain)


def likely_reason(waiting: WaitingCandidate) -> str:
    """Why a candidate may be rejected: its first finding that asks to be looked at."""
    findings = (finding for finding in waiting.findings if finding.severity != INFO)
    return next((f"{finding.check}: {finding.message}" for finding in findings), "not wanted")
