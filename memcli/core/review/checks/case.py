"""One case for the checks of content: a candidate beside the store it would enter."""

from __future__ import annotations

from functools import cached_property

from memcli.core.memory.memory import Memory
from memcli.core.review.candidates import Candidate, content_hash
from memcli.core.review.checks.context import CodeView, Context
from memcli.core.review.checks.proposed_store import ProposedStore


class Case:
    """A candidate that can be read, as the memory `after`, beside all that it is judged against."""

    def __init__(self, candidate: Candidate, after: Memory, proposed: ProposedStore, context: Context) -> None:
        self.candidate, self.after, self.proposed, self.context = candidate, after, proposed, context

    @property
    def before(self) -> Memory | None:
        """The memory as the session found it."""
        return self.candidate.before

    @property
    def code(self) -> CodeView:
        """The code; for checks that run only where there is any."""
        assert self.context.code is not None
        return self.context.code

    @cached_property
    def says_news(self) -> bool:
        """Whether the candidate says something that its memory did not say before."""
        before, after = self.before, self.after
        return before is None or content_hash(before) != content_hash(after) or before.title != after.title
