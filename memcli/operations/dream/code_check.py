"""Checking memories against the code, a part of the third phase: rules, moved anchors, drift."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from memcli.core.dream.steps import ATTENTION, REFRESH, Step, question_step
from memcli.core.memory.document import Value
from memcli.core.memory.holds_if import FALSE_RULE, RuleOutcome, with_false_rules
from memcli.core.memory.memory import Verified
from memcli.core.memory.questions import DOUBT, doubt, with_question, without_question
from memcli.core.memory.staleness import FRESH, STALE, SUSPECT, UNANCHORED, Staleness
from memcli.operations.dream.code_state import CodeState
from memcli.operations.dream.dream_context import DreamContext
from memcli.operations.dream.working_tree import TreeFile
from memcli.operations.memories.verify import COMMIT_DIGITS
from memcli.operations.writing.anchor_blobs import moved_anchors

DRIFT = "drifted"
"""The subject of a doubt about code that has drifted."""


class CodeCheck:
    """Updates what memories say about the code where no judgement is needed, and asks about the rest."""

    def __init__(self, context: DreamContext, code: CodeState) -> None:
        self._context, self._tree, self._code = context, context.tree, code

    def run(self, files: Sequence[TreeFile]) -> None:
        """Check these memories, each as it was before the check."""
        staleness = self._code.staleness(files)
        for file in files:
            if file.memory.holds_if:
                self._check_rules(file, staleness[file.id])
            self._follow_moved_anchors(self._current(file), staleness[file.id])
            self._check_drift(file, staleness[file.id])

    def _current(self, file: TreeFile) -> TreeFile:
        return self._tree.get(file.id) or file

    def _is_confirmed(self, file: TreeFile) -> bool:
        """Whether the memory was verified by this dream."""
        return bool(file.memory.verified_at(self._context.inputs.instant))

    def _check_rules(self, file: TreeFile, staleness: Staleness) -> None:
        """Verify a memory whose rules hold, where that was in doubt; ask about one whose rules are false."""
        outcomes = self._code.rule_outcomes(file)
        known = file.memory.attention
        attention = with_false_rules(known, outcomes, self._context.at) or ()
        if all(outcome.holds for outcome in outcomes):
            unverified = staleness.state == UNANCHORED and file.memory.verified is None
            if attention != known or unverified or staleness.state in (SUSPECT, STALE):
                self._verify(file, staleness, attention)
        elif attention != known:
            step = question_step(REFRESH, file.id, doubt(FALSE_RULE, _false_rules(outcomes), self._context.at))
            self._context.set_attention(file, attention, step)

    def _verify(self, file: TreeFile, staleness: Staleness, attention: Value) -> None:
        code = self._code.code
        verified: Value = Verified(self._context.inputs.instant, code.commit[:COMMIT_DIGITS]).front()
        values = {
            "verified": verified,
            "attention": attention or None,
            "paths": moved_anchors(file.document, staleness, code),
            "modified": self._context.at,
        }
        self._tree.change(file, values, Step(REFRESH, file.id, "verified", "its rules hold in the code"))

    def _follow_moved_anchors(self, file: TreeFile, staleness: Staleness) -> None:
        paths = None if self._is_confirmed(file) else self._code.moved_anchors(file, staleness)
        if paths is None:
            return
        moves = [f"{anchor.path} is now {anchor.moved_to}" for anchor in staleness.anchors if anchor.moved_to]
        step = Step(REFRESH, file.id, "moved", ", ".join(moves))
        changed = self._tree.change(file, {"paths": paths, "modified": self._context.at}, step)
        if not changed and (file.memory.pin or file.memory.read_only):
            self._tree.ask(replace(step, change=ATTENTION, question=DOUBT))

    def _check_drift(self, before: TreeFile, staleness: Staleness) -> None:
        """Ask about code that has drifted; clear the question where it has not, or no longer."""
        file = self._current(before)
        fresh = staleness.state == FRESH or self._is_confirmed(file)
        drift = "" if fresh else self._code.drift(before, staleness)
        known, question = file.memory.attention, doubt(DRIFT, drift, self._context.at)
        attention = with_question(known, question) if drift else without_question(known, question)
        if (attention or ()) == known:
            return
        if drift:
            self._context.set_attention(file, attention, question_step(REFRESH, file.id, question))
        else:
            step = Step(REFRESH, file.id, "resolved", "the code matches the memory again")
            self._tree.change(file, {"attention": attention, "modified": self._context.at}, step)


def _false_rules(outcomes: Sequence[RuleOutcome]) -> str:
    return "; ".join(f"{outcome.rule}: {outcome.why}" for outcome in outcomes if outcome.holds is False)
