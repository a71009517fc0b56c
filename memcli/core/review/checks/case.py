"""One case for the checks of content: a candidate beside the store it would enter."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from memcli.core.memory.memory import Memory, memory_text
from memcli.core.review.candidates import Candidate, content_hash
from memcli.core.review.checks.context import CodeView, Context
from memcli.core.review.checks.proposed_store import ProposedStore

if TYPE_CHECKING:
    from memcli.core.text.claim_differences import ClaimDifference


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

    @cached_property
    def near_duplicates(self) -> list[tuple[Memory, tuple[ClaimDifference, ...]]]:
        """The memories that are nearly the same, each with what the two claim differently; both checks of them ask."""
        from memcli.core.text.claim_differences import claim_differences

        if not self.says_news:
            return []
        same = {other.id for other in self.proposed.same_content(self.after)}
        others = (other for other in self.proposed.similar(self.after) if other.id not in same)
        return [
            (other, claim_differences(memory_text(self.after), memory_text(other)))
            for other in others
            if self._is_near(other)
        ]

    def _is_near(self, other: Memory) -> bool:
        """Whether a memory outside timeline and lineage is alike; of two candidates the later one is compared."""
        from memcli.core.text.similarity import is_near_duplicate

        after, proposed = self.after, self.proposed
        if proposed.proposes(other.id) and proposed.proposes(after.id) and other.id > after.id:
            return False
        return not _related(after, other) and is_near_duplicate(proposed.words(after), proposed.words(other))


def _related(after: Memory, other: Memory) -> bool:
    """Whether the two are one timeline or lineage already: then their order says which holds."""
    if after.key is not None and after.key == other.key:
        return True
    mine = {*after.supersedes, *after.merged_from, after.superseded_by}
    theirs = {*other.supersedes, *other.merged_from, other.superseded_by}
    return other.id in mine or after.id in theirs
