"""The state of one `mem review -p`: the candidates, the decisions so far, and what is on the screen."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

import typer

from memcli.cli.options import Call
from memcli.cli.review_walk import Change, ReviewWalk
from memcli.cli.views.asked_candidate import candidate_rows
from memcli.cli.views.output import printable
from memcli.cli.views.quantities import quantity, time_ago
from memcli.cli.views.sheet import SheetRow, SmallFacts, sheet_text
from memcli.cli.views.terminal import confirm, progress
from memcli.core.review.candidate_selection import ALL, CandidateSelection
from memcli.operations.review.candidate_context import CandidateContext, candidate_context
from memcli.operations.review.pending_decisions import KeptDecisions, pending_decisions, ref_of
from memcli.operations.review.waiting import waiting_candidates


class Interview:
    """Decides nothing by itself; every change is kept before the next question."""

    def __init__(self, call: Call, selection: CandidateSelection, is_plain: bool) -> None:
        self.call = Call(replace(call.flags, color="never")) if is_plain else call
        self.is_plain, self._selection = is_plain, selection
        self.kept = pending_decisions(call.workspace)
        self.walk = ReviewWalk((), {})
        self._contexts: dict[str, CandidateContext] = {}
        self._shown = ""

    def begin(self) -> None:
        """Read what waits, and ask whether to go on with the decisions of an earlier time."""
        kept = self._read()
        if kept.by_ref and not self._goes_on(kept):
            self.kept.forget(kept.by_ref)
            self.walk = ReviewWalk(self.walk.candidates, {})

    def read_again(self) -> None:
        """Read what waits once more, after something has changed; the place stays."""
        self.call = Call(self.call.flags)
        before = self.walk
        self._read()
        self.walk.follow(before)

    def _read(self) -> KeptDecisions:
        with progress(self.call, "checking"):
            waiting = waiting_candidates(self.call.workspace, self._selection)
        kept = self.kept.kept(waiting.candidates, is_all=self._selection == ALL)
        self.walk = ReviewWalk(waiting.candidates, kept.by_ref)
        self._contexts, self._shown = {}, ""
        if kept.dropped:
            self.kept.forget(kept.dropped)
            self.tell(f"{quantity(len(kept.dropped), 'decision')} dropped: the candidates have changed or are gone")
        return kept

    def _goes_on(self, kept: KeptDecisions) -> bool:
        ago = f" from {time_ago(kept.last, self.call.workspace.now)}" if kept.last else ""
        return confirm(f"{quantity(len(kept.by_ref), 'decision')}{ago}: continue?")

    def made(self, changes: Change) -> None:
        """Keep decisions, then note them as one step. Raises Refused, Failure, and nothing is decided."""
        self._keep(changes)
        self.walk.made(changes)

    def take_back(self) -> None:
        """Take the last step back. Raises MemError."""
        self._keep(self.walk.taken_back())

    def _keep(self, changes: Change) -> None:
        self.kept.note({ref: decision for ref, decision in changes.items() if decision})
        self.kept.forget(ref for ref, decision in changes.items() if decision is None)

    @property
    def context(self) -> CandidateContext:
        """What stands beside the current candidate."""
        waiting = self.walk.current
        key = f"{waiting.session}/{waiting.id}"
        if key not in self._contexts:
            self._contexts[key] = candidate_context(self.call.workspace, waiting, self.walk.candidates)
        return self._contexts[key]

    def show_current(self, again: bool = False) -> None:
        """Print the current candidate, unless it is what was printed last."""
        waiting, decision = self.walk.current, self.walk.of(self.walk.current)
        if again or self._shown != f"{ref_of(waiting)} {decision}":
            position = f"{self.walk.place + 1} of {len(self.walk.candidates)}"
            self.print_rows(candidate_rows(self.call, waiting, position, self.context, decision))
        self._shown = f"{ref_of(waiting)} {decision}"

    def print_rows(self, rows: Iterable[SheetRow | SmallFacts]) -> None:
        """Print rows for the eye, or for a screen reader."""
        typer.echo(sheet_text(self.call, rows, self.is_plain))

    def tell(self, text: str) -> None:
        """Print a remark."""
        typer.echo(printable(text))

    def tell_kept(self) -> None:
        """Say that decisions wait for the next time, where there are any."""
        kept = self.kept_text()
        self.tell(f"{kept}; 'mem review -p' goes on with them" if kept else "nothing decided; nothing was changed")

    def kept_text(self) -> str:
        """How many decisions wait for the next time; empty for none."""
        return f"{quantity(len(self.walk.decided), 'decision')} kept" if self.walk.decided else ""
