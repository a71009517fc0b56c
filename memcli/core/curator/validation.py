"""What of an answer is taken: each edit is judged on what the accepted ones before it have left, the rest goes on.

Invariant: nothing is accepted that is outside the job, changes what may not be changed, loses a claim or a source, or
would not pass the checks of a write; whatever is refused has a reason.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass

from memcli.core.curator import rules
from memcli.core.curator.answer import Answer, Edit, Refusal, quotable
from memcli.core.curator.effects import Held, effect
from memcli.core.curator.job import ADD, ASK, EDIT, MERGE, RETIRE, SUPERSEDE, VERDICT, Job
from memcli.core.finding import Finding, blocking
from memcli.core.memory.document import Document, DocumentError, parse
from memcli.core.memory.identity import short
from memcli.core.memory.schema import read_memory
from memcli.core.review.candidates import normalised_body
from memcli.core.review.checks import check_write


@dataclass(frozen=True)
class Accepted:
    """An edit that is taken, and the files it makes, by id (none for a candidate, a verdict, or what is only told)."""

    edit: Edit
    documents: Mapping[str, Document]


@dataclass(frozen=True)
class Judgement:
    """The answer parted in two; nothing of it is left out."""

    accepted: tuple[Accepted, ...]
    refused: tuple[Refusal, ...]
    failure: str = ""


Take = Callable[[Edit, Mapping[str, Document]], str]
"""Who is offered each accepted edit at once, and may still say why not."""


def judge(
    job: Job,
    answer: Answer,
    at: str,
    force: bool = False,
    moved: Collection[str] = (),
    take: Take = lambda _, __: "",
) -> Judgement:
    """Judge an answer to a job. `at`: the instant of what is accepted (RFC 3339); `moved`: ids of what has changed
    since the curator was given it; `force`: a person allows any number of retirements."""
    if answer.failure:
        return Judgement((), answer.refused, answer.failure)
    barred: dict[str, str] = {}
    if sum(edit.form == RETIRE for edit in answer.edits) > job.limits.retire and not force:
        tried = _Judge(job, at, moved, barred).all(answer.edits)
        retired = sum(one.edit.form == RETIRE for one in tried.accepted)
    else:
        retired = 0
    if retired > job.limits.retire:
        barred[RETIRE] = f"{retired} memories would be retired, the job allows {job.limits.retire}: none is"
    found = _Judge(job, at, moved, barred, take).all(answer.edits)
    return Judgement(found.accepted, (*answer.refused, *found.refused))


class _Judge:
    """One reading of an answer, edit after edit."""

    def __init__(
        self, job: Job, at: str, moved: Collection[str], barred: Mapping[str, str], take: Take = lambda _, __: ""
    ) -> None:
        self.job, self.at, self.moved, self.barred, self.take = job, at, moved, barred, take
        self.known = {one.id: held for one in job.memories if (held := _held(one.text, one.editable, one.path))}
        self.changed: set[str] = set()
        self.needed: set[str] = set()
        self.marked: set[str] = set()
        self.bodies = {normalised_body(one.memory.body) for one in self.known.values()}
        self.total = 0
        self.spoken = False

    def all(self, edits: Sequence[Edit]) -> Judgement:
        accepted, refused = list[Accepted](), list[Refusal]()
        for edit in edits:
            reason, documents = self._judged(edit)
            if reason := reason or self.take(edit, documents):
                refused.append(Refusal(edit.form, edit.id, reason))
            else:
                accepted.append(Accepted(edit, documents))
                self._go_on(edit, documents)
        return Judgement(tuple(accepted), tuple(refused))

    def _judged(self, edit: Edit) -> tuple[str, dict[str, Document]]:
        """Why an edit is refused, else the files it makes."""
        reason = self._bounds(edit) or self._place(edit) or self._sense(edit)
        if reason:
            return reason, {}
        try:
            documents = effect(edit, self.known, self.at)
        except DocumentError as error:
            return f"it makes no memory: {error.message}", {}
        return self._unfit(documents), documents

    def _bounds(self, edit: Edit) -> str:
        """What the job allows of this form and size."""
        size = len((edit.body or "").encode())
        if edit.form not in self.job.forms:
            return f"a job of '{self.job.kind}' takes {', '.join(self.job.forms)}"
        if edit.form in self.barred:
            return self.barred[edit.form]
        if size > self.job.limits.body:
            return f"a body of {size:,} bytes, at most {self.job.limits.body:,} are allowed"
        if self.total + size > self.job.limits.total:
            return f"all bodies together exceed {self.job.limits.total:,} bytes"
        return rules.unfit(edit)

    def _place(self, edit: Edit) -> str:
        """Whether all memories it names are there, as they were, and may be changed by it."""
        named = list(edit.others) if edit.form in (ADD, VERDICT) else [edit.id, *edit.others]
        candidates = {one.id for one in self.job.candidates} if edit.form == ADD else set()
        for memory_id in named:
            if memory_id not in self.known and memory_id not in candidates:
                return f"{quotable(memory_id)!r} is no memory of this job"
            if memory_id in self.moved:
                return f"{short(memory_id)} has changed since the job was made"
        if len(set(named)) < len(named):
            return "names a memory twice"
        return "" if edit.form in (ADD, VERDICT) else self._may_change(edit)

    def _may_change(self, edit: Edit) -> str:
        changes = [edit.id, *(edit.others if edit.form == MERGE else ())]
        uses = [*changes, *(edit.others if edit.form == SUPERSEDE else ())]
        for memory_id in uses:
            status = self.known[memory_id].memory.status
            again = memory_id in (self.marked if edit.form == ASK else self.changed)
            if again and (memory_id in changes or status != "active"):
                return f"another edit has changed {short(memory_id)} already"
            if status != "active":
                return f"{short(memory_id)} is {status}"
        for memory_id in changes if edit.form != ASK else ():
            if not self.known[memory_id].editable:
                return f"{short(memory_id)} may not be changed ({self._why(memory_id)})"
            if edit.form != EDIT and memory_id in self.needed:
                return f"{short(memory_id)} takes the place of another one by an edit before this"
        return ""

    def _why(self, memory_id: str) -> str:
        return next((one.why for one in self.job.memories if one.id == memory_id and one.why), "context only")

    def _sense(self, edit: Edit) -> str:
        """What is asked of this form alone."""
        if edit.form == VERDICT:
            return "a review has one verdict" if self.spoken else rules.verdict(edit, self.job, self.moved)
        if edit.form == ADD:
            again = normalised_body(edit.body or "") in self.bodies
            return "it is said already" if again else rules.addition(edit, self.job)
        return rules.SENSE[edit.form](edit, self.known, self.job)

    def _unfit(self, documents: Mapping[str, Document]) -> str:
        """What the checks of a write have against the files."""
        found: list[Finding] = []
        for memory_id, document in documents.items():
            found += blocking(check_write(document.text(), self.known[memory_id].path))
        return "; ".join(dict.fromkeys(f"{one.check}: {one.message}" for one in found))

    def _go_on(self, edit: Edit, documents: Mapping[str, Document]) -> None:
        """What is judged from here on is judged on what this edit leaves."""
        self.total += len((edit.body or "").encode())
        self.spoken = self.spoken or edit.form == VERDICT
        if edit.form == ADD:
            self.bodies.add(normalised_body(edit.body or ""))
        if edit.form == SUPERSEDE:
            self.needed.update(edit.others)
        if edit.form == ASK:
            self.marked.add(edit.id)
        else:
            self.changed.update([edit.id] if edit.form == SUPERSEDE else documents)
        for memory_id, document in documents.items():
            held = self.known[memory_id]
            self.known[memory_id] = _held(document.text(), held.editable, held.path) or held


def _held(text: str, editable: bool, path: str) -> Held | None:
    """A memory of the job; None where its file cannot be read as one."""
    try:
        document = parse(text)
    except DocumentError:
        return None
    memory, _ = read_memory(document)
    return Held(document, memory, editable, path) if memory else None
