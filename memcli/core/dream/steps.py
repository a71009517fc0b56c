"""The steps of a dream: what it did to a memory or asks about it. Report, commit messages and JSON are made of them."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass

from memcli.core.memory.questions import Question

PRUNE, MERGE, REFRESH, CURATE = "prune", "merge", "refresh", "curate"
PHASES = (PRUNE, MERGE, REFRESH, CURATE)
"""The phases in their order; each is one commit."""
RETIRED, MERGED, SUPERSEDED, ATTENTION = "retired", "merged", "superseded", "attention"
RELINKED, REWORDED = "relinked", "reworded"


@dataclass(frozen=True)
class Step:
    """What happened to the memory `id` (`change`; `attention`: nothing, but a person should look).

    `others`: the other memories involved; `reason`: for a person, without ids; `question`: the kind of a question.
    """

    phase: str
    id: str
    change: str
    reason: str
    others: tuple[str, ...] = ()
    question: str = ""

    @property
    def asks(self) -> bool:
        """Whether the step is a question for a person."""
        return self.change == ATTENTION

    def asked(self, day: str) -> Question:
        """The question about the memory that this step asks; `day`: a date or an instant (RFC 3339)."""
        return Question(self.question, self.others, self.reason, day[:10])


def question_step(phase: str, memory_id: str, question: Question) -> Step:
    """The step that asks a question about a memory."""
    return Step(phase, memory_id, ATTENTION, question.reason, question.with_ids, question.kind)


def format_steps(steps: Iterable[Step]) -> str:
    """Steps as a file of the dream's session has them: one line of JSON each."""
    return "".join(json.dumps(asdict(step), ensure_ascii=False) + "\n" for step in steps)


def parse_steps(text: str) -> list[Step]:
    """The steps in such a file; lines that are no steps are left out."""
    return [step for step in map(_parse_step, text.splitlines()) if step]


def _parse_step(line: str) -> Step | None:
    try:
        fields = json.loads(line)
        return Step(**{**fields, "others": tuple(fields["others"])})
    except (ValueError, KeyError, TypeError):
        return None
