"""The state of the store that `mem` and `mem status` share: how much it holds, what is not recorded yet, what it asks.

While the index is current this loads neither libgit2 nor git.
"""

from __future__ import annotations

from dataclasses import dataclass

from memcli.core.memory.questions import CONFLICT
from memcli.core.session.entry_verbs import READ
from memcli.operations.memories.store_questions import OpenQuestion, store_questions
from memcli.operations.views.reader import Reader
from memcli.state.drafts import Drafts
from memcli.state.journal import Journal


@dataclass(frozen=True)
class StoreState:
    """`memories`: the active ones; `session`: the caller's; `queued`: how many writes wait in the journal.

    `failed`: (operation, reason) of those set aside; `unreadable`: (operation or directory, reason) of what waits and
    cannot be read now; `drafts`: texts from an editor that are not recorded; `questions`: the store's open ones."""

    branch: str
    tip: str
    memories: int
    session: str | None
    queued: int
    failed: tuple[tuple[str, str], ...]
    unreadable: tuple[tuple[str, str], ...]
    drafts: int
    questions: tuple[OpenQuestion, ...]

    @property
    def conflicts(self) -> int:
        """The memories that are in conflict."""
        return len({asked.holder.id for asked in self.questions if asked.question.kind == CONFLICT})

    @property
    def asking(self) -> int:
        """The memories with an open question."""
        return len({asked.holder.id for asked in self.questions})

    @property
    def attention(self) -> int:
        """The memories with an open question that is no conflict."""
        return len({asked.holder.id for asked in self.questions if asked.question.kind != CONFLICT})


def read_store_state(reader: Reader, journal: Journal, session: str | None) -> StoreState:
    """The state of the store for a caller in a session; only the index is brought up to date. Raises NoStore."""
    ref, tip = reader.tip()
    with reader.main_view() as view:
        memories = view.count()
        reader.visibility.apply(view)
        questions = tuple(store_questions(view))
    return StoreState(
        branch=ref.removeprefix("refs/heads/"),
        tip=tip,
        memories=memories,
        session=session,
        queued=sum(1 for _, entry in journal.pending() if getattr(entry, "verb", "") != READ),
        failed=tuple(journal.failed()),
        unreadable=tuple(journal.unreadable()),
        drafts=len(Drafts(reader.layout).all()),
        questions=questions,
    )
