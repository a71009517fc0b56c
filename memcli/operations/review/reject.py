"""`mem reject`: decide against candidates, by content, so that the same thing is not proposed again."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from memcli.core.review.candidates import Candidate, content_of
from memcli.core.review.private import without_private
from memcli.core.session import trailers
from memcli.core.session.commit_message import one_line
from memcli.core.session.state import REJECTED
from memcli.entries import entry_for
from memcli.errors import NotFound, Usage
from memcli.operations.writing.transaction import transaction
from memcli.workspace import Workspace


@dataclass(frozen=True)
class Rejected:
    """The decisions; `ended`: nothing else is left, so the session has ended."""

    session: str
    rejected: tuple[Candidate, ...]
    reason: str
    ended: bool


def reject(workspace: Workspace, name: str, ids: Sequence[str], reason: str) -> Rejected:
    """Record the decision against the named candidates (none named: all). Raises NotFound, Busy."""
    from memcli.operations.review.promote import resolve

    reason, _ = without_private(reason)
    with transaction(workspace, name) as tx:
        everything = workspace.sessions.candidates(workspace.sessions.load(name))
        if not everything:
            raise NotFound(f"the session {name} proposes nothing", "'mem review --inbox' lists what waits")
        chosen_ids = [resolve(everything, text) for text in ids] or [one.id for one in everything]
        chosen = tuple(one for one in everything if one.id in chosen_ids)
        state = {trailers.STATE: REJECTED} if len(chosen) == len(everything) else {}
        note = {"summary": f"{len(chosen)} of {len(everything)} candidates", trailers.REJECT: _lines(chosen, reason)}
        tx.record(entry_for(workspace, "reject", name, note={**note, **state}))
    return Rejected(name, chosen, reason, ended=not workspace.selection.is_open(name))


def _lines(chosen: Sequence[Candidate], reason: str) -> str:
    said = []
    for one in chosen:
        content = content_of(one)
        if content is None:
            raise Usage(
                f"{one.path} cannot be read, so its content cannot be rejected", "correct it, or undo the write"
            )
        said.append(f"{one.id} {content} {one_line(reason)}")
    return "\n".join(said)
