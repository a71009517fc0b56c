"""What the interface does to the store: carry out decisions, take the last operation back, edit a memory.

Each asks first, runs beside the screen, and tells what became of it; nothing that fails loses a decision.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from typing import Any

from textual.app import App, SuspendNotSupported
from textual.content import Content

from memcli.cli.typed_memories import edit_in_editor
from memcli.cli.views.output import printable
from memcli.cli.views.quantities import quantity
from memcli.core.memory.identity import short
from memcli.core.review.candidates import POLICY
from memcli.core.review.secrets import without_secrets
from memcli.core.review.waiting_candidate import WaitingCandidate
from memcli.core.text.first_few import first_few
from memcli.errors import Conflict, MemError
from memcli.operations.history.undo import Undone, undo
from memcli.operations.memories.changes import open_memory
from memcli.operations.review.decide import decide
from memcli.operations.review.decisions import CandidateRef, Consent, Decided, Decisions
from memcli.operations.review.pending_decisions import ACCEPT, REJECT, PendingDecision
from memcli.operations.review.settled_pairs import decisions_to_carry_out
from memcli.tui.background import Background, BackgroundJob
from memcli.tui.dialogs import ConfirmDialog
from memcli.tui.inbox_row import InboxRow
from memcli.tui.marks import Marks
from memcli.tui.safe_content import ACCEPTED, BOLD, DIM, NOTED, NOTHING, REFUSED, joined, safe
from memcli.workspace import Workspace


class StoreActions:
    """The operations of one program; `changed` is called when the store or a session may have changed, `keep` when
    decisions were carried out."""

    def __init__(
        self, app: App[Any], background: Background, changed: Callable[[], None], keep: Callable[[], None]
    ) -> None:
        self._app, self._background, self._changed, self._keep = app, background, changed, keep

    def may_decide(self) -> bool:
        """Whether a person is asking; an agent is told that it may only look."""
        if self._background.agent is None:
            return True
        self.tell(f"{self._background.agent} is an agent: agents may look, a person decides", "warning")
        return False

    def tell(self, text: str, severity: str = "information") -> None:
        """Show a notice."""
        self._app.notify(printable(text), severity=severity, timeout=6, markup=False)  # type: ignore[arg-type]

    def tell_error(self, error: MemError) -> None:
        """Show what happened and what to do."""
        hint = f"\n{without_secrets(error.hint)}" if error.hint else ""
        self._app.notify(printable(without_secrets(error.message) + hint), severity="error", timeout=12, markup=False)

    def apply(self, marks: Marks, rows: Sequence[InboxRow]) -> None:
        """Show what the decisions would do, and carry them out as one operation if a person agrees."""
        if not marks.by_key:
            self.tell("nothing is decided yet: a accepts, r rejects", "warning")
        elif self.may_decide() and not self._background.is_operating:
            waiting = [row.waiting for row in rows if row.waiting]
            look_ahead = partial(_look_ahead, decided=dict(marks.by_key), waiting=waiting)
            self._background.read("apply", BackgroundJob(look_ahead, partial(self._ask, marks, rows), self._refused))

    def _ask(self, marks: Marks, rows: Sequence[InboxRow], planned: tuple[Decisions, Decided]) -> None:
        decisions, ahead = planned

        def answered(answer: bool | None) -> None:
            if answer:
                carry_out = partial(decide, decisions=decisions, consent=Consent(True, ahead.result or None))
                self._background.operate(BackgroundJob(carry_out, partial(self._applied, marks), self._refused))

        title = f"Apply {quantity(len(marks.by_key), 'decision')} as one operation?"
        self._app.push_screen(ConfirmDialog(title, summary_content(marks, rows)), answered)

    def _applied(self, marks: Marks, decided: Decided) -> None:
        accepted = sum(len(outcome.promoted) for outcome in decided.promoted)
        rejected = sum(len(outcome.rejected) for outcome in decided.rejected)
        marks.by_key.clear()
        self._keep()
        self.tell(f"accepted {accepted}, rejected {rejected}; u takes it back")
        self._changed()

    def _refused(self, error: MemError) -> None:
        """Tell why nothing was done; what has moved meanwhile is read again, the marks stay."""
        self.tell_error(error)
        if isinstance(error, Conflict):
            self._changed()

    def undo_last(self) -> None:
        """Show the last operation, and take it back if a person agrees."""
        if self.may_decide() and not self._background.is_operating:
            look_ahead: Callable[..., Undone] = partial(undo, dry_run=True)
            self._background.read("undo", BackgroundJob(look_ahead, self._ask_undo, self.tell_error))

    def _ask_undo(self, ahead: Undone) -> None:
        def answered(answer: bool | None) -> None:
            if answer:
                self._background.operate(BackgroundJob(partial(undo, op=ahead.op), self._undone, self._refused))

        body = [safe(f"{ahead.verb}: {ahead.summary}", BOLD)]
        body += [safe("by an inverse commit: something was built on it", DIM)] if ahead.inverse else []
        body += [safe(f"back to review in {first_few(ahead.back_in)}", DIM)] if ahead.back_in else []
        self._app.push_screen(ConfirmDialog("Undo the last operation?", joined(body)), answered)

    def _undone(self, undone: Undone) -> None:
        self.tell(f"undone: {undone.verb}: {undone.summary}")
        self._changed()

    def edit(self, row: InboxRow) -> None:
        """Open a candidate in the editor; it is judged again afterwards."""
        if row.waiting is None or row.waiting.candidate.change == POLICY:
            self.tell(row.findings[0].next if row.findings else "use 'mem policy edit' to change the policy", "warning")
        elif self.may_decide():
            self.at_terminal(partial(_edit, self._background, row.session, row.waiting.id))

    def at_terminal(self, work: Callable[[], object]) -> None:
        """Leave the screen to something that needs the terminal, such as an editor."""
        try:
            with self._app.suspend():
                work()
        except MemError as error:
            self.tell_error(error)
        except KeyboardInterrupt:
            self.tell("the editor was interrupted; a text that it left is kept as a draft", "warning")
        except SuspendNotSupported:
            self.tell("no editor can be opened here", "warning")
        self._changed()


def _edit(background: Background, session: str, memory_id: str) -> None:
    call = background.call(session)
    edit_in_editor(call, open_memory(call.workspace, memory_id))


def _look_ahead(
    workspace: Workspace, decided: Mapping[CandidateRef, PendingDecision], waiting: Sequence[WaitingCandidate]
) -> tuple[Decisions, Decided]:
    """What decisions come to, and what they would do now."""
    decisions = decisions_to_carry_out(workspace, decided, waiting)
    return decisions, decide(workspace, decisions, Consent(True), dry_run=True)


def summary_content(marks: Marks, rows: Sequence[InboxRow]) -> Content:
    """What will happen: how much; what is accepted in spite of findings; what is rejected, and why; the rest."""
    accepted, rejected = marks.marked(rows, ACCEPT), marks.marked(rows, REJECT)
    flagged = [row for row in accepted if not row.is_clean]
    left = len(marks.undecided(rows))
    counts = [safe(f"{len(accepted)} accepted", ACCEPTED)] if accepted else []
    counts += [safe(f"{len(rejected)} rejected", REFUSED)] if rejected else []
    counts += [safe(f"{left} left undecided" if left else "all decided", DIM)]
    lines = [safe(", ").join(counts)]
    lines += [NOTHING, safe("accepted in spite of findings", BOLD)] if flagged else []
    lines += [line for row in flagged for line in _flagged_lines(row, marks.by_key[row.key])]
    lines += [NOTHING, safe("rejected", BOLD)] if rejected else []
    for row in rejected:
        lines += [safe(f"{row.sign} {row.title}"), safe(f"    {marks.by_key[row.key].reason}", DIM)]
    clean = [row for row in accepted if row.is_clean]
    lines += [NOTHING, safe("accepted without findings", BOLD)] if clean else []
    return joined([*lines, *(safe(f"{row.sign} {row.title}") for row in clean)])


def _flagged_lines(row: InboxRow, decision: PendingDecision) -> Iterator[Content]:
    yield safe(f"{row.sign} {row.title}")
    yield from (safe(f"    {finding.check}: {finding.message}", NOTED) for finding in row.findings)
    yield from (safe(f"    {short(other)} goes out of use for it", DIM) for other in decision.over)
