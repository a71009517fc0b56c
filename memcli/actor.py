"""Who acts in a call: the home of journal entries and operations as the caller signs them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from memcli.clock import Clock
from memcli.core.memory.identity import slug
from memcli.core.memory.instants import format_instant
from memcli.core.review.private import has_private
from memcli.core.review.recorded_text import recordable
from memcli.errors import Refused
from memcli.git.layout import Layout
from memcli.git.ref_files import current_branch
from memcli.state.journal import FileEdit, Journal, JournalEntry

if TYPE_CHECKING:
    from memcli.state.oplog import Operation


@dataclass(frozen=True)
class Actor:
    """`name` is what trailers and the oplog show; `agent` is None for a person, `harness_id` where no harness tells its
    session; `layout` is where the caller stands, `journal` what its entries come behind."""

    name: str
    agent: str | None
    harness_id: str | None
    clock: Clock
    layout: Layout
    journal: Journal

    def entry(
        self, verb: str, session: str, edits: Sequence[FileEdit] = (), note: Mapping[str, str] | None = None
    ) -> JournalEntry:
        """A journal entry at this call's instant, about the code branch that is checked out. What the note marks as
        private is left out of it, and secrets are masked. Raises Refused where an edit holds anything private."""
        refuse_private(edits)
        context = {"code_branch": current_branch(self.layout), "harness_id": self.harness_id}
        full = {**{key: value for key, value in context.items() if value}, **(note or {})}
        public = {key: recordable(value) for key, value in full.items()}
        at, op = format_instant(self.clock.now), self.clock.new_operation_id(self.journal.operations())
        return JournalEntry(op, verb, session, self.name, self.agent, at, tuple(edits), public)

    def new_session(self) -> str:
        """A name for a session that nobody named: the actor and a few letters."""
        return f"{slug(self.name, 'user')[:40]}-{self.clock.new_memory_id()[-6:].lower()}"

    def operation(self, verb: str, session: str, summary: str, op: str = "") -> Operation:
        """An operation at this call's instant, with a new id unless one is given; who makes its moves and changes fills
        them in."""
        from memcli.state.oplog import Operation

        at, op = format_instant(self.clock.now), op or self.clock.new_operation_id()
        return Operation(op, verb, session, self.name, self.agent, at, recordable(summary), ())


def refuse_private(edits: Sequence[FileEdit]) -> None:
    """Raise Refused where an edit holds anything private: whoever makes an edit has taken that out before."""
    if any(has_private(text) for edit in edits for text in (edit.path, edit.text)):
        raise Refused("the text contains a <private> block", "leave out what is between <private> and </private>")
