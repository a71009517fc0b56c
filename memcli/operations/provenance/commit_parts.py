"""The commits that a code commit was made of, as far as records and messages tell, and who made each of them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from memcli.core.session.code_commits import earlier_forms
from memcli.core.session.fingerprint import Fingerprint
from memcli.core.session.message_evidence import MessageEvidence, message_evidence
from memcli.errors import MemError
from memcli.git.changed_lines import CommitChange, changed_lines
from memcli.git.odb import Odb
from memcli.operations.provenance.commit_claims import CommitClaims, MadeCommit
from memcli.operations.provenance.session_records import SessionCommit
from memcli.operations.writing.code_fingerprints import fingerprint_of

RECORDED, TRAILER = "recorded", "trailer"
MOST_FILES = 3_000
"""Files of a commit that is asked about: more than of one that is recorded, since it may be a squash of many."""


@dataclass(frozen=True)
class CommitPart:
    """A commit, the session that made it, None where nobody is known, and how that is known."""

    commit: str
    made: MadeCommit | None
    evidence: str = RECORDED


@dataclass(frozen=True)
class CommitHistory:
    """Commits with what is known of them, each read once."""

    odb: Odb
    claims: CommitClaims
    _messages: dict[str, MessageEvidence] = field(default_factory=dict)
    _changes: dict[str, CommitChange | None] = field(default_factory=dict)

    def parts(self, commit: str) -> list[CommitPart]:
        """The commits that one was made of, and itself, the oldest first."""
        return [self._part(form) for form in earlier_forms(commit, lambda form: list(self._came_from(form)))]

    def message(self, commit: str) -> MessageEvidence:
        """What a commit's message tells; nothing where this clone does not have it."""
        if commit not in self._messages:
            self._messages[commit] = message_evidence(self._text(commit))
        return self._messages[commit]

    def change(self, commit: str) -> CommitChange | None:
        """What a commit changed; None where this clone does not have it."""
        if commit not in self._changes:
            try:
                self._changes[commit] = changed_lines(self.odb, commit, MOST_FILES)
            except MemError:
                self._changes[commit] = None
        return self._changes[commit]

    def print(self, part: CommitPart) -> Fingerprint | None:
        """The fingerprint of a part, recorded or made from the commit."""
        recorded = self.claims.print_of(part.made.session.session, part.commit) if part.made else None
        return recorded or self.print_here(part.commit)

    def print_here(self, commit: str) -> Fingerprint | None:
        """The fingerprint of a commit that this clone has."""
        change = self.change(commit)
        return fingerprint_of(change, change.files.values()) if change else None

    def named(self, session: str, commit: str) -> MadeCommit:
        """A commit of a session that only its message names."""
        at = self.odb.authored(commit).strftime("%Y-%m-%dT%H:%M:%SZ")
        return MadeCommit(SessionCommit(session, ""), commit, at)

    def _text(self, commit: str) -> str:
        try:
            return self.odb.commit(commit).message
        except MemError:
            return ""

    def _came_from(self, commit: str) -> Iterator[str]:
        """The commits that one replaces, squashes, picks, or brings back by reverting their revert."""
        message, brought_back = self.message(commit), self.brought_back(commit)
        yield from self.claims.earlier(commit)
        yield from message.squashed
        yield from filter(None, (message.picked, brought_back))

    def brought_back(self, commit: str) -> str | None:
        """The commit whose revert a commit reverts; None for any other commit."""
        reverted = self.message(commit).reverted
        return self.message(reverted).reverted if reverted else None

    def _part(self, commit: str) -> CommitPart:
        makers, message = self.claims.makers(commit), self.message(commit)
        named = message.sessions[0] if message.is_own else None
        if made := _chosen(makers, named):
            return CommitPart(commit, made)
        if named is None:
            return CommitPart(commit, None)
        return CommitPart(commit, self.named(named, commit), TRAILER)


def _chosen(makers: Mapping[str, MadeCommit], named: str | None) -> MadeCommit | None:
    """The session that a commit's trailer names; without one, the first that recorded it."""
    return makers.get(named) if named else next(iter(makers.values()), None)
