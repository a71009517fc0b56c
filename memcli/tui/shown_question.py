"""An open question with all that an answer needs: its case, its sides, and what the keys of an answer mean."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime

from textual.content import Content

from memcli.cli.views.quantities import time_ago
from memcli.core.memory.key_types import retirement_reason
from memcli.core.memory.questions import CONFLICT, DOUBT
from memcli.errors import NotFound
from memcli.operations.memories.open_questions import open_questions
from memcli.operations.memories.question_case import BOTH, QuestionCase, QuestionGroup, Side, open_case, sides
from memcli.operations.memories.resolve import ResolveRequest
from memcli.operations.memories.store_questions import OpenQuestion
from memcli.tui.safe_content import BOLD, DIM, NOTED, joined, one_line_of, safe, with_differences
from memcli.workspace import Workspace


@dataclass(frozen=True)
class ShownQuestion:
    """A question as it was read at an instant."""

    asked: OpenQuestion
    case: QuestionCase
    group: QuestionGroup
    sides: tuple[Side, ...]
    now: datetime

    @property
    def choices(self) -> tuple[str, ...]:
        """What may be kept, apart from both."""
        if self.group.kind == DOUBT:
            return self.group.ids
        return tuple(choice for choice in self.group.choices if choice != BOTH)

    def request(self, because: str = "", keep: str | None = None, is_retired: bool = False) -> ResolveRequest:
        """An answer to this question."""
        about = self.group.kind if len(self.group.ids) == 1 else self.group.ids[1]
        return ResolveRequest(keep, None, is_retired, None if is_retired else about, because)


def read_questions(workspace: Workspace) -> tuple[list[OpenQuestion], datetime]:
    """All open questions."""
    return open_questions(workspace), workspace.now


def read_question(asked: OpenQuestion) -> Callable[[Workspace], ShownQuestion]:
    """What reads a question. It raises NotFound where somebody has answered it meanwhile."""

    def read(workspace: Workspace) -> ShownQuestion:
        inside = workspace.in_session(asked.session) if asked.session else workspace
        case = open_case(inside, asked.holder.id)
        groups = (
            group for group in case.groups if asked.question in group.questions or group.kind == asked.question.kind
        )
        group = next(groups, None)
        if group is None:
            raise NotFound("somebody has answered this question", "ctrl+r reads the list again")
        return ShownQuestion(asked, case, group, tuple(sides(inside, case, group)), workspace.now)

    return read


def question_line(asked: OpenQuestion, width: int) -> Content:
    """A question in the list."""
    kind = one_line_of(asked.question.kind, 15, NOTED)
    titles = " / ".join(memory.title for memory in (asked.holder, *asked.others))
    return kind + one_line_of(titles, width - 26) + safe(f" {asked.question.since}", DIM)


def question_content(shown: ShownQuestion) -> Content:
    """What is asked, and what the keys answer."""
    lines = [safe(question.text, NOTED) for question in shown.group.questions]
    if shown.asked.session:
        lines += [safe(f"in the session {shown.asked.session}", DIM)]
    return joined([*lines, safe(", ".join(_answers(shown)), DIM)])


def _answers(shown: ShownQuestion) -> Iterator[str]:
    if shown.group.kind == DOUBT:
        yield "1 it still holds"
    else:
        yield from (f"{number} keep {_name(shown, number - 1)}" for number in range(1, len(shown.choices) + 1))
        yield "b keep both"
    yield "e edit"
    yield "x retire"


def _name(shown: ShownQuestion, place: int) -> str:
    if shown.group.kind == CONFLICT:
        return {"ours": "the store's", "theirs": "the session's"}.get(shown.choices[place], shown.choices[place])
    return ("left", "right")[place] if len(shown.choices) == 2 else f"number {place + 1}"


def side_content(shown: ShownQuestion, place: int) -> Content:
    """One side: its title, who wrote it when on what evidence, its text with what the others say otherwise."""
    side, others = shown.sides[place], [side for side in shown.sides if side is not shown.sides[place]]
    title, body = str(side.document.get("title") or ""), side.document.body.rstrip("\n")
    other = others[0].document if others else side.document
    head = with_differences(title, str(other.get("title") or "")).stylize(BOLD)
    text = with_differences(body, other.body.rstrip("\n"))
    facts = safe(", ".join(_facts(side, shown.now)), DIM)
    return joined([safe(f"{place + 1}  ", NOTED) + head, facts, safe(""), text])


def _facts(side: Side, now: datetime) -> Iterator[str]:
    """Author, evidence, dates, status and the state of the code."""
    front = side.document.front()
    yield f"by {side.agent or 'a person'}" + (f" in {side.session}" if side.session else "")
    yield f"evidence {front.get('evidence') or 'not stated'}"
    yield f"written {time_ago(str(front.get('created') or ''), now)}"
    if front.get("modified") and front.get("modified") != front.get("created"):
        yield f"changed {time_ago(str(front['modified']), now)}"
    if front.get("status") not in (None, "active"):
        yield str(front["status"]) + (f" ({reason})" if (reason := retirement_reason(front.get("retired"))) else "")
    if side.staleness.anchors:
        yield f"code {side.staleness.state}" + (f": {side.staleness.reason}" if side.staleness.reason else "")
