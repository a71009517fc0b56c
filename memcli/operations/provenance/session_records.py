"""Where sessions have left their records: open, ended and published ones, and what promotions brought along.

Invariant: any clone that has a promotion finds what its session recorded, through the promotion's second parent.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from memcli.branch import ENDED, SESSIONS
from memcli.core.session import trailers
from memcli.core.session.commit_message import trailers_of
from memcli.errors import MemError
from memcli.git.ref_files import list_refs
from memcli.workspace import Workspace

_BRANCHES = ("refs/heads/", "refs/remotes/")
_PUBLISHED = "/mem/sessions/"


@dataclass(frozen=True)
class SessionCommit:
    """A commit of a session, with all that it had recorded until then."""

    session: str
    commit: str


def session_commits(workspace: Workspace) -> Iterator[SessionCommit]:
    """The tips of sessions, then what promotions brought along, newest first."""
    for prefix in (SESSIONS, ENDED):
        yield from (SessionCommit(ref.removeprefix(prefix), tip) for ref, tip in list_refs(workspace.layout, prefix))
    for prefix in _BRANCHES:
        refs = list_refs(workspace.layout, prefix)
        yield from (SessionCommit(ref.partition(_PUBLISHED)[2], tip) for ref, tip in refs if _PUBLISHED in ref)
    for commit in workspace.odb.first_parents(workspace.tip()[1]):
        said = dict(trailers_of(commit.message)) if len(commit.parents) > 1 else {}
        yield from (SessionCommit(said.get(trailers.SESSION, ""), parent) for parent in commit.parents[1:])


def recorded_files(workspace: Workspace, path: str) -> Iterator[tuple[SessionCommit, str]]:
    """A file below `.session/` wherever a session has it, each text once."""
    seen = set[str]()
    for place in session_commits(workspace):
        try:
            blob = workspace.odb.file(workspace.store.tree_of(place.commit), path)
            if blob and blob not in seen:
                seen.add(blob)
                yield place, workspace.store.text(blob)
        except MemError:
            continue  # a session whose objects this clone does not have
