"""One dream at work: what it is a function of, and the memories that it has reason to look at."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from memcli.core.dream.steps import Step
from memcli.core.review.policy import Policy
from memcli.operations.dream.code_state import CodeState
from memcli.operations.dream.inputs import DreamInputs
from memcli.operations.dream.memory_history import MemoryHistory
from memcli.operations.dream.working_tree import MemoryFile, WorkingTree
from memcli.workspace import Workspace


@dataclass(frozen=True)
class DreamContext:
    """`deltas`: what happened to memories since; `uses`: how often each was shown since; `ground`: the code at its
    default branch, None where there is none; `moved`: the paths of the code that changed since."""

    workspace: Workspace
    inputs: DreamInputs
    policy: Policy
    draft: WorkingTree
    deltas: Sequence[MemoryHistory]
    uses: Mapping[str, int] = field(default_factory=dict)
    ground: CodeState | None = None
    moved: frozenset[str] = frozenset()

    @property
    def at(self) -> str:
        """The dream's instant, as files have it."""
        return self.inputs.at

    @property
    def news(self) -> list[str]:
        """The ids of active memories that say something new, by id."""
        return [one.id for one in self.deltas if one.is_new_content]

    @cached_property
    def anchored(self) -> list[str]:
        """The ids of memories to be held against the code: new ones, and those about what changed there; by id."""
        touched = self.draft.view.anchored_among(self.moved) if self.moved else ()
        return sorted({*self.news, *(record.id for record in touched)})

    def active(self, ids: Sequence[str]) -> list[MemoryFile]:
        """Those of the memories that are active by now."""
        return self.draft.active(ids)

    def remark(self, source: MemoryFile, attention: str | None, step: Step) -> None:
        """Put a remark on a memory, at least in the report where that one may not be touched."""
        if not self.draft.change(source, {"attention": attention, "modified": self.at}, step):
            self.draft.tell(step)


Phase = Callable[[DreamContext], None]
