"""One case for the checks of content: a candidate beside the store it would enter."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from memcli.core.memory.memory import Memory, memory_text
from memcli.core.memory.recorded_answers import is_answered_pair
from memcli.core.review.candidates import Candidate
from memcli.core.review.checks.context import CodeView, Context, cited
from memcli.core.review.checks.proposed_store import ProposedStore
from memcli.core.review.claim import is_new_claim
from memcli.core.review.key_timeline import KeyTimeline

if TYPE_CHECKING:
    from memcli.core.text.claim_differences import ClaimDifference

MOST_NAMED = 10
"""Near-duplicates of one memory that are named; the others are counted."""


class Case:
    """A candidate that can be read, as the memory `after`, beside all that it is judged against."""

    def __init__(self, candidate: Candidate, after: Memory, proposed: ProposedStore, context: Context) -> None:
        self.candidate, self.after, self.proposed, self.context = candidate, after, proposed, context

    @property
    def before(self) -> Memory | None:
        """The memory as the store has it."""
        return self.candidate.before

    @property
    def code(self) -> CodeView:
        """The code; for checks that run only where there is any."""
        assert self.context.code is not None
        return self.context.code

    @property
    def says_news(self) -> bool:
        """Whether the candidate says something that its memory did not say before."""
        return self.candidate.says_news

    @property
    def is_new_claim(self) -> bool:
        """Whether the candidate claims something that its memory did not claim before."""
        return is_new_claim(self.before, self.after)

    @property
    def is_moved(self) -> bool:
        """Whether its memory gets another place on a timeline."""
        before, after = self.before, self.after
        places = [
            (memory.key, memory.starts, memory.valid_to, memory.status == "active")
            for memory in (before, after)
            if memory
        ]
        return places[0] != places[-1]

    @cached_property
    def timeline(self) -> KeyTimeline | None:
        """The timeline of its key, None without one."""
        return self.proposed.timeline(self.after.key) if self.after.key else None

    @cached_property
    def near_duplicates(self) -> list[tuple[Memory, tuple[ClaimDifference, ...]]]:
        """The memories that are nearly the same, up to `MOST_NAMED`, each with what the two claim differently."""
        from memcli.core.text.claim_differences import claim_differences

        mine = memory_text(self.after)
        return [(other, claim_differences(mine, memory_text(other))) for other in self._look_alikes[:MOST_NAMED]]

    def cite(self, other: Memory) -> str:
        """Another memory as messages name it, with its session where that is another one."""
        session = self.proposed.session_of(other)
        return f"{cited(other)} of the session {session}" if session else cited(other)

    @property
    def unnamed(self) -> int:
        """How many more near-duplicates there are."""
        return max(0, len(self._look_alikes) - MOST_NAMED)

    @cached_property
    def _look_alikes(self) -> list[Memory]:
        """Those that nobody has compared with it yet."""
        pairs = self.proposed.look_alikes.pairs(self.after)
        return [other for other in pairs if not is_answered_pair(self.after, other)]
