"""Judging an answer: each edit is judged on what the accepted ones before it have left; the others are refused.

Invariant: no accepted edit reaches outside the job, changes a protected memory, loses a claim or a source, or would
fail the checks of a write; every refused edit has a reason.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass

from memcli.core.curator import rules
from memcli.core.curator.answer import CuratorAnswer
from memcli.core.curator.curator_edit import CuratorEdit, RefusedEdit, quotable
from memcli.core.curator.effects import Documents, JobMemoryState, edited_documents
from memcli.core.curator.job import ADD, ASK, EDIT, MERGE, RETIRE, SUPERSEDE, VERDICT, Job
from memcli.core.finding import blocking, findings_text
from memcli.core.memory.document import Document, DocumentError, parse_document
from memcli.core.memory.identity import short
from memcli.core.memory.schema import read_memory
from memcli.core.review.candidates import normalised_body
from memcli.core.review.checks.runner import check_write


@dataclass(frozen=True)
class AcceptedEdit:
    """An accepted edit and the documents it makes, by id (none for an added memory or a verdict)."""

    edit: CuratorEdit
    documents: Mapping[str, Document]


@dataclass(frozen=True)
class Judgement:
    """The edits of an answer, accepted or refused; none is left out."""

    accepted: tuple[AcceptedEdit, ...]
    refused: tuple[RefusedEdit, ...]
    failure: str = ""


Take = Callable[[CuratorEdit, Mapping[str, Document]], str]
"""Is offered each accepted edit at once, and may still refuse it with a reason."""


def judge_answer(
    job: Job,
    answer: CuratorAnswer,
    at: str,
    force: bool = False,
    moved: Collection[str] = (),
    take: Take = lambda _, __: "",
) -> Judgement:
    """Judge an answer to a job.

    `at`: the instant of the accepted edits (RFC 3339); `force`: a person allows any number of retirements; `moved`: ids
    that have changed since the curator was given the job; `take`: may still refuse an accepted edit.
    """
    if answer.failure:
        return Judgement((), answer.refused, answer.failure)
    barred = {} if force else _barred_retirements(_Judge(job, at, moved), answer.edits)
    judgement = _Judge(job, at, moved, barred, take).judge(answer.edits)
    return Judgement(judgement.accepted, (*answer.refused, *judgement.refused))


def _barred_retirements(trial: _Judge, edits: Sequence[CuratorEdit]) -> dict[str, str]:
    """{form: reason} where more retirements would be accepted than the job allows: then none is."""
    most = trial.job.limits.retire
    if sum(edit.form == RETIRE for edit in edits) <= most:
        return {}
    count = sum(accepted.edit.form == RETIRE for accepted in trial.judge(edits).accepted)
    reason = f"{count} memories would be retired, this job allows {most}: none is retired"
    return {RETIRE: reason} if count > most else {}


class _Judge:
    """Judges the edits of one answer, one after the other. `barred`: {form: reason} of forms that are refused."""

    def __init__(
        self,
        job: Job,
        at: str,
        moved: Collection[str],
        barred: Mapping[str, str] | None = None,
        take: Take = lambda _, __: "",
    ) -> None:
        self.job, self.at, self.moved, self.barred, self.take = job, at, moved, barred or {}, take
        states = {memory.id: _state_of(memory.text, memory.editable, memory.path) for memory in job.memories}
        self.states = {memory_id: state for memory_id, state in states.items() if state}
        self.changed, self.successors, self.marked = set[str](), set[str](), set[str]()
        self.bodies = {normalised_body(state.memory.body) for state in self.states.values()}
        self.total_size = 0
        self.has_verdict = False

    def judge(self, edits: Sequence[CuratorEdit]) -> Judgement:
        accepted, refused = list[AcceptedEdit](), list[RefusedEdit]()
        for edit in edits:
            reason, documents = self._evaluate(edit)
            if reason := reason or self.take(edit, documents):
                refused.append(RefusedEdit(edit.form, edit.id, reason))
            else:
                accepted.append(AcceptedEdit(edit, documents))
                self._accept(edit, documents)
        return Judgement(tuple(accepted), tuple(refused))

    def _evaluate(self, edit: CuratorEdit) -> tuple[str, Documents]:
        """Why an edit is refused ('' where it is not), and the documents it makes."""
        reason = self._check_limits(edit) or self._check_ids(edit) or self._check_form(edit)
        if reason:
            return reason, {}
        try:
            documents = edited_documents(edit, self.states, self.at)
        except DocumentError as error:
            return f"not a valid memory: {error.message}", {}
        return self._write_findings(documents), documents

    def _check_limits(self, edit: CuratorEdit) -> str:
        """Refuse what the job does not allow in form or size."""
        size = _body_size(edit)
        if edit.form not in self.job.forms:
            return f"a job of kind '{self.job.kind}' takes {', '.join(self.job.forms)}"
        if edit.form in self.barred:
            return self.barred[edit.form]
        if size > self.job.limits.body:
            return f"a body of {size:,} bytes; at most {self.job.limits.body:,} are allowed"
        if self.total_size + size > self.job.limits.total:
            return f"all bodies together exceed {self.job.limits.total:,} bytes"
        return rules.check_text(edit)

    def _check_ids(self, edit: CuratorEdit) -> str:
        """Refuse an edit that names a memory which is not there, has changed, or may not be changed."""
        named = list(edit.others) if edit.form in (ADD, VERDICT) else [edit.id, *edit.others]
        candidates = {candidate.id for candidate in self.job.candidates} if edit.form == ADD else set()
        for memory_id in named:
            if memory_id not in self.states and memory_id not in candidates:
                return f"{quotable(memory_id)!r} is not a memory of this job"
            if memory_id in self.moved:
                return f"{short(memory_id)} has changed since the job was made"
        if len(set(named)) < len(named):
            return "it names a memory twice"
        return "" if edit.form in (ADD, VERDICT) else self._check_changes(edit)

    def _check_changes(self, edit: CuratorEdit) -> str:
        changes = [edit.id, *(edit.others if edit.form == MERGE else ())]
        uses = [*changes, *(edit.others if edit.form == SUPERSEDE else ())]
        for memory_id in uses:
            status = self.states[memory_id].memory.status
            again = memory_id in (self.marked if edit.form == ASK else self.changed)
            if again and (memory_id in changes or status != "active"):
                return f"another edit already changed {short(memory_id)}"
            if status != "active":
                return f"{short(memory_id)} is {status}"
        for memory_id in changes if edit.form != ASK else ():
            if not self.states[memory_id].editable:
                return f"{short(memory_id)} may not be changed ({self._why_not_editable(memory_id)})"
            if edit.form != EDIT and memory_id in self.successors:
                return f"an earlier edit makes {short(memory_id)} the successor of another memory"
        return ""

    def _why_not_editable(self, memory_id: str) -> str:
        reasons = (memory.why for memory in self.job.memories if memory.id == memory_id and memory.why)
        return next(reasons, "context only")

    def _check_form(self, edit: CuratorEdit) -> str:
        """Apply the rules of the edit's form."""
        if edit.form == VERDICT:
            return "a review takes one verdict" if self.has_verdict else rules.check_verdict(edit, self.job, self.moved)
        if edit.form == ADD:
            known = normalised_body(edit.body or "") in self.bodies
            return "another memory says it already" if known else rules.check_addition(edit, self.job)
        return rules.CHECKS[edit.form](edit, self.states, self.job)

    def _write_findings(self, documents: Documents) -> str:
        """What the checks of a write say about the documents."""
        findings = [
            finding
            for memory_id, document in documents.items()
            for finding in blocking(check_write(document.text(), self.states[memory_id].path))
        ]
        return findings_text(findings)

    def _accept(self, edit: CuratorEdit, documents: Documents) -> None:
        """Judge the following edits on what this one leaves."""
        self.total_size += _body_size(edit)
        self.has_verdict = self.has_verdict or edit.form == VERDICT
        if edit.form == ADD:
            self.bodies.add(normalised_body(edit.body or ""))
        if edit.form == SUPERSEDE:
            self.successors.update(edit.others)
        if edit.form == ASK:
            self.marked.add(edit.id)
        else:
            self.changed.update([edit.id] if edit.form == SUPERSEDE else documents)
        for memory_id, document in documents.items():
            state = self.states[memory_id]
            self.states[memory_id] = _state_of(document.text(), state.editable, state.path) or state


def _body_size(edit: CuratorEdit) -> int:
    return len((edit.body or "").encode())


def _state_of(text: str, editable: bool, path: str) -> JobMemoryState | None:
    """A memory of the job; None where its file cannot be read as one."""
    try:
        document = parse_document(text)
    except DocumentError:
        return None
    memory, _ = read_memory(document)
    return JobMemoryState(document, memory, editable, path) if memory else None
