"""`mem resolve ID` at a terminal: a person answers each question of a memory in turn."""

from __future__ import annotations

from dataclasses import replace

from memcli.cli.options import Call
from memcli.cli.typed_answers import answer_in_editor
from memcli.cli.views.output import note
from memcli.cli.views.question_sides import show_group, show_resolved
from memcli.cli.views.terminal import ask_choice, ask_text
from memcli.core.memory.identity import short
from memcli.core.memory.questions import CONFLICT
from memcli.errors import NotFound
from memcli.operations.memories.question_case import QuestionCase, QuestionGroup, open_case
from memcli.operations.memories.resolve import (
    Resolved,
    ResolveRequest,
    resolve,
)

_OTHERS = {"e": "edit", "r": "retire this memory", "s": "skip"}


def ask_each(call: Call, case: QuestionCase, request: ResolveRequest) -> None:
    """Ask about each group of questions that `request` means, and record each answer as one operation."""
    skipped: set[tuple[str, ...]] = set()
    while group := next((group for group in case.groups if _is_open(group, request, skipped)), None):
        show_group(call, case, group)
        resolved = _answer(call, case, group, request)
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


def _answer(call: Call, case: QuestionCase, group: QuestionGroup, request: ResolveRequest) -> Resolved | None:
    """What a person's answer has changed; None where they skip the question."""
    keeps = {str(number): choice for number, choice in enumerate(group.choices, 1)}
    names = {**{key: f"keep {_shown(group, choice)}" for key, choice in keeps.items()}, **_OTHERS}
    answer = ask_choice(", ".join(f"{key} {name}" for key, name in names.items()), list(names))
    if answer == "s":
        return None
    about = group.kind if len(group.ids) == 1 else group.ids[1]
    request = replace(request, about=about, because=request.because or ask_text("because (optional): ", ""))
    if answer == "e":
        return answer_in_editor(call, case, group, request)
    if answer == "r":
        return resolve(call.workspace, case, replace(request, about=None, retire=True))
    return resolve(call.workspace, case, replace(request, keep=keeps[answer]))


def _shown(group: QuestionGroup, choice: str) -> str:
    return short(choice) if group.kind != CONFLICT and choice in group.ids else choice
