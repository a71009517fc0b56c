"""A candidate that awaits review: what is proposed, by whom, where, and what was found about it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from pathlib import PurePosixPath

from memcli.core.finding import BLOCK, INFO, Finding
from memcli.core.memory.memory import Memory
from memcli.core.review.candidates import Candidate


@dataclass(frozen=True)
class WaitingCandidate:
    """A candidate that awaits review in a session, with the findings about it alone.

    `agent` has proposed it, None for a person; `person`: name and email of who started the session.
    """

    candidate: Candidate
    session: str
    agent: str | None
    person: str
    updated: datetime | None
    findings: tuple[Finding, ...] = ()

    @property
    def id(self) -> str:
        """The id of its memory; `policy` for the policy."""
        return self.candidate.id

    @property
    def author(self) -> str:
        """The agent's name, else the person's."""
        return self.agent or self.person.partition(" <")[0]

    @property
    def is_blocked(self) -> bool:
        """Whether a finding blocks it."""
        return any(finding.severity == BLOCK for finding in self.findings)

    @property
    def is_clean(self) -> bool:
        """Whether no finding asks a person to look at it."""
        return all(finding.severity == INFO for finding in self.findings)

    @property
    def topic(self) -> str:
        """Its memory's topic; that of the directory where it cannot be read, and `policy` for the policy."""
        parts = PurePosixPath(self.candidate.path).parts
        return self._memory.topic if self._memory else parts[1] if len(parts) > 2 else "policy"

    @property
    def type(self) -> str:
        """Its memory's type; empty where it cannot be read."""
        return (self._memory.type or "") if self._memory else ""

    @property
    def source(self) -> str:
        """The source in which `mem bootstrap` or `mem import` found it; empty for all others."""
        return (self._memory.source.reader or "") if self._memory else ""

    @property
    def group(self) -> str:
        """What a page lists it under: `from decisions` for what was found in a source, else its topic."""
        return f"from {self.source}" if self.source else self.topic

    @property
    def _memory(self) -> Memory | None:
        return self.candidate.after or self.candidate.before

    @property
    def names(self) -> tuple[str, ...]:
        """What globs are compared with."""
        slug = PurePosixPath(self.candidate.path).stem
        key = (self._memory.key or "") if self._memory else ""
        return self.candidate.path, f"{self.topic}/{slug}", key, self.session

    def is_by(self, name: str) -> bool:
        """Whether a name is its agent's or, in upper or lower case, a part of its person's name or email."""
        if self.agent:
            return self.agent.lower() == name.lower()
        return name.lower() in self.person.lower()
