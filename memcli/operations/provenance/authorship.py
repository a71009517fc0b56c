"""Whose work a code commit is: the session that made it, and what that session had read until then.

A commit's own trailer counts first, then what sessions recorded. A commit that came from others, by amending, rebasing
or squashing, is the work of the session that made the first one.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime

from memcli.branch import COMMITS, READS
from memcli.core.memory.instants import parse_instant
from memcli.core.session.code_commits import (
    CodeCommit,
    commit_lines,
    commits_noted,
    earlier_forms,
    session_named,
    squashed_commits,
)
from memcli.core.session.reads import Read, read_lines
from memcli.core.session.state import Session
from memcli.core.session.verbs import COMMIT, REWRITE
from memcli.errors import MemError
from memcli.operations.provenance.session_records import SessionCommit, recorded_files, session_commits
from memcli.workspace import Workspace


@dataclass(frozen=True)
class CommitOrigin:
    """The session of a code commit; `state` is None where only its name is known. The reads are in order of time."""

    session: str
    state: Session | None
    reads: tuple[Read, ...]


@dataclass
class _Claims:
    """What sessions say of commits, by session: whose each one is, and which ones it replaces."""

    made: dict[str, dict[str, tuple[SessionCommit, str]]] = field(default_factory=dict)
    replaced: dict[str, list[tuple[str, str]]] = field(default_factory=dict)

    def take(self, place: SessionCommit, said: Iterable[CodeCommit]) -> None:
        for one in said:
            if one.was:
                self.replaced.setdefault(one.id, []).append((place.session, one.was))
            else:
                self.made.setdefault(one.id, {}).setdefault(place.session, (place, one.at))

    def came_from(self) -> dict[str, list[str]]:
        """What each commit replaces. A session may give away a commit of its own, not that of another."""
        return {
            commit: [old for session, old in said if commit not in self.made or session in self.made[commit]]
            for commit, said in self.replaced.items()
        }


def commit_origin(workspace: Workspace, commit: str) -> CommitOrigin | None:
    """The session that made a code commit, None where nobody has said so."""
    found, message = _claims(workspace), workspace.odb.commit(commit).message
    came_from, named = found.came_from(), session_named(message)
    came_from.setdefault(commit, []).extend(squashed_commits(message))
    claims = (claim for one in earlier_forms(commit, came_from) for claim in found.made.get(one, {}).values())
    claim = next((one for one in claims if named in (None, one[0].session)), None)
    if claim:
        return _work(workspace, claim[0], _instant(claim[1]))
    return _work(workspace, SessionCommit(named, ""), workspace.odb.authored(commit)) if named else None


def _claims(workspace: Workspace) -> _Claims:
    claims = _Claims()
    for _, entry in workspace.journal.pending():
        if not isinstance(entry, ValueError) and entry.verb in (COMMIT, REWRITE):
            claims.take(SessionCommit(entry.session, ""), commits_noted(entry.verb, entry.note, entry.at))
    for place, text in recorded_files(workspace, COMMITS):
        claims.take(place, commit_lines(text))
    return claims


def _work(workspace: Workspace, place: SessionCommit, until: datetime | None) -> CommitOrigin:
    if not place.commit:  # a claim that waits, or a trailer: wherever the session is known
        place = next((one for one in session_commits(workspace) if one.session == place.session), place)
    state = workspace.sessions.at(place.session, place.commit) if place.commit else None
    found = {(read.at, read.sha256, read.query): read for read in _reads(workspace, place)}
    dated = ((_instant(read.at), read) for read in found.values())
    before = [(at, read) for at, read in dated if at and until and at <= until]
    return CommitOrigin(place.session, state, tuple(read for _, read in sorted(before, key=lambda one: one[0])))


def _reads(workspace: Workspace, place: SessionCommit) -> Iterator[Read]:
    """What the session has recorded there, and what of it waits in the journal."""
    if place.commit:
        try:
            blob = workspace.odb.file(workspace.store.tree_of(place.commit), READS)
            yield from read_lines(workspace.store.text(blob))
        except MemError:
            pass  # this clone does not have it
    for entry in workspace.journal.entries(place.session):
        yield from read_lines(entry.note.get("read", ""))


def _instant(text: str) -> datetime | None:
    try:
        return parse_instant(text)
    except ValueError:
        return None
