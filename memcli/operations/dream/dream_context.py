"""The context of one dream: its inputs, its working tree, and the memories that it has a reason to look at."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property

from memcli.core.dream.steps import Step
from memcli.core.memory.document import Value
from memcli.core.memory.questions import with_question
from memcli.core.memory.recorded_answers import is_answered
from memcli.core.review.policy import Policy
from memcli.operations.dream.code_state import CodeState
from memcli.operations.dream.inputs import DreamInputs
from memcli.operations.dream.memory_history import MemoryHistory
from memcli.operations.dream.working_tree import TreeFile, WorkingTree


@dataclass(frozen=True)
class DreamContext:
    """What the phases of a dream work on.

    `histories`: what happened to each changed memory since the last dream; `code`: the code at its default branch, None
    without one; `changed_paths`: the code paths changed since.
    """

    inputs: DreamInputs
    policy: Policy
    tree: WorkingTree
    histories: Sequence[MemoryHistory]
    code: CodeState | None = None
    changed_paths: frozenset[str] = frozenset()

    @property
    def at(self) -> str:
        """The dream's instant, as files have it."""
        return self.inputs.at

    @property
    def news(self) -> list[str]:
        """The ids of the active memories with new content, in order."""
        return [history.id for history in self.histories if history.is_new_content]

    @cached_property
    def to_check_against_code(self) -> list[str]:
        """The ids of memories that are new or whose code has changed, in order."""
        anchored = self.tree.view.anchored_among(self.changed_paths) if self.changed_paths else ()
        return sorted({*self.news, *(summary.id for summary in anchored)})

    def set_attention(self, file: TreeFile, attention: Value, step: Step) -> None:
        """Write the questions about a memory, unless the step's has been answered; where it may not be changed, the
        step is at least reported."""
        if not self.is_answered(step) and not self.tree.change(
            file, {"attention": attention, "modified": self.at}, step
        ):
            self.tree.ask(step)

    def is_answered(self, step: Step) -> bool:
        """Whether somebody has answered the step's question, and its memories claim the same still."""
        file = self.tree.get(step.id)
        others = [other.memory for other in map(self.tree.get, step.others) if other]
        return file is not None and is_answered(step.asked(self.at), file.memory, others)

    def mark(self, step: Step) -> bool:
        """Write the step's question into its memory; whether nobody has to ask it any more: it is there (perhaps from
        an earlier dream), or has been answered."""
        file = self.tree.get(step.id)
        if file is None:
            return False
        if self.is_answered(step):
            return True
        attention = with_question(file.document.get("attention"), step.asked(self.at))
        if attention == file.memory.attention:
            return True
        return self.tree.change(file, {"attention": attention, "modified": self.at}, step)


Phase = Callable[[DreamContext], None]
