"""An extract as it is weighed: its text, and what is counted in it once."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from memcli.core.dream.resemblance import TextProfile
from memcli.core.memory.memory import Memory
from memcli.core.sources.passage_text import count_words, prose_words
from memcli.core.sources.source_reader import Extract, SourceReader
from memcli.core.text.similarity import word_set
from memcli.core.worth.wording import command_lines, specifics, strict_hits, wording_hits

DECISIONS, RULES, GUIDES, DOCS, HISTORY, CODE = "decisions", "rules", "guides", "docs", "history", "code"
BANKS, OWNERS = "memory-bank", "owners"
"""Names of readers whose texts are weighed differently; all others are notes that somebody kept one by one."""


@dataclass(frozen=True)
class ExtractFacts:
    """An extract of a reader; `links`: how many other extracts refer to its file."""

    extract: Extract
    reader: SourceReader
    links: int = 0

    @property
    def memory(self) -> Memory:
        return self.extract.memory

    @property
    def text(self) -> str:
        return self.extract.memory.body

    @property
    def title(self) -> str:
        return self.extract.memory.title

    @property
    def path(self) -> str:
        """Its path in lower case."""
        return self.extract.path.lower()

    @cached_property
    def words(self) -> int:
        return count_words(self.text)

    @cached_property
    def prose_words(self) -> int:
        return prose_words(self.text)

    @cached_property
    def hits(self) -> int:
        return wording_hits(self.text)

    @cached_property
    def strict(self) -> int:
        return strict_hits(self.text)

    @cached_property
    def commands(self) -> int:
        return command_lines(self.text)

    @cached_property
    def specifics(self) -> int:
        return specifics(self.text)

    @cached_property
    def profile(self) -> TextProfile:
        """How a dream compares it."""
        return TextProfile.of(self.memory)

    @cached_property
    def word_set(self) -> frozenset[str]:
        return word_set(f"{self.title}\n{self.text}")
