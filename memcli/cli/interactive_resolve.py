"""`mem resolve ID` at a terminal: a person answers each question of a memory in turn."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from memcli.cli.options import Call
from memcli.cli.review_letters import KEEP_BOTH, TWO_SIDES
from memcli.cli.typed_answers import answer_in_editor
from memcli.cli.views.letter_prompt import Letter, LetterPrompt, ask_letter
from memcli.cli.views.output import note
from memcli.cli.views.question_sides import show_group, show_resolved
from memcli.cli.views.terminal import ask_text
from memcli.core.memory.identity import short
from memcli.core.memory.questions import CONFLICT
from memcli.errors import NotFound
from memcli.operations.memories.question_case import BOTH, QuestionCase, QuestionGroup, open_case
from memcli.operations.memories.resolve import (
    Resolved,
    ResolveRequest,
    resolve,
)

_OTHERS = (
    Letter("e", "edit the memory in your editor, beside the other text"),
    Letter("r", "retire the memory: it no longer holds"),
    Letter("s", "skip the question; it stays open"),
)


def ask_each(call: Call, case: QuestionCase, request: ResolveRequest, is_plain: bool = False) -> None:
    """Ask about each group of questions that `request` means, and record each answer as one operation."""
    skipped: set[tuple[str, ...]] = set()
    while group := next((group for group in case.groups if _is_open(group, request, skipped)), None):
        show_group(call, case, group, is_plain)
        resolved = _answer(call, case, group, request, is_plain)
        if resolved is None:
            skipped.add(_name(group))
            continue
        show_resolved(call, resolved)
        try:
            case = open_case(call.workspace, case.id)
        except NotFound:
            return
    note(call, "skipped questions stay open")


def _is_open(group: QuestionGroup, request: ResolveRequest, skipped: set[tuple[str, ...]]) -> bool:
    return _name(group) not in skipped and (request.about is None or group.is_about(request.about))


def _name(group: QuestionGroup) -> tuple[str, ...]:
    return (group.kind, *group.ids)


def _answer(
    call: Call, case: QuestionCase, group: QuestionGroup, request: ResolveRequest, is_plain: bool
) -> Resolved | None:
    """What a person's answer has changed; None where they skip the question."""
    keeps = _keeps(group)
    letters = (*(Letter(letter, f"keep {_shown(group, choice)}") for letter, choice in keeps.items()), *_OTHERS)
    typed = ask_letter(call, LetterPrompt("Which one holds?", letters, [letter.letter for letter in letters], is_plain))
    if typed is None or typed.letter == "s":
        return None
    about = group.kind if len(group.ids) == 1 else group.ids[1]
    request = replace(request, about=about, because=request.because or ask_text("because (optional): ", ""))
    if typed.letter == "e":
        return answer_in_editor(call, case, group, request)
    if typed.letter == "r":
        return resolve(call.workspace, case, replace(request, about=None, retire=True))
    return resolve(call.workspace, case, replace(request, keep=keeps[typed.letter]))


def _keeps(group: QuestionGroup) -> Mapping[str, str]:
    """{letter: the choice that it keeps}: as in `mem review -p` where there are two sides, else numbers."""
    sides = [choice for choice in group.choices if choice != BOTH]
    if len(sides) == len(TWO_SIDES):
        return {**dict(zip(TWO_SIDES, sides, strict=True)), KEEP_BOTH: BOTH}
    return {str(number): choice for number, choice in enumerate(group.choices, 1)}


def _shown(group: QuestionGroup, choice: str) -> str:
    return short(choice) if group.kind != CONFLICT and choice in group.ids else choice
