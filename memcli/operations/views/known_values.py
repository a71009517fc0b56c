"""Names in the store and its sessions, for shell completion: ids with titles, topics, sessions.

Contract: nothing is written and nothing is brought up to date, so what the index does not hold yet is not named.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from itertools import islice
from pathlib import Path

from memcli.branch import SESSIONS, open_sessions, store_tip
from memcli.core.review.exclusion import Excludes
from memcli.git.layout import Layout
from memcli.index.database.stored_values import StoredValues, stored_values
from memcli.operations.views.visibility import VisibilityFilter
from memcli.workspace import Workspace

MOST = 200
"""Memories that are named at most."""
MOST_SESSIONS = 50
"""Open sessions whose candidates are named, the last updated first."""


def known_memories(workspace: Workspace, text: str) -> list[tuple[str, str]]:
    """(id, title) of memories whose id, or its last six characters, begins with `text`: candidates, then the store's.

    Memories about excluded paths are not among them. Raises MemError."""
    with _stored(workspace.layout, workspace.excludes) as values:
        stored = values.memories(text, MOST) if values else []
    return list(dict([*known_candidates(workspace, text), *stored]).items())


def asking_memories(workspace: Workspace, text: str) -> list[tuple[str, str]]:
    """(id, title) of the indexed memories with open questions whose id, or its end, begins with `text`."""
    with _stored(workspace.layout, workspace.excludes) as values:
        return values.memories(text, MOST, asking=True) if values else []


def known_candidates(workspace: Workspace, text: str) -> list[tuple[str, str]]:
    """(id, title) of the candidates of open sessions whose id, or its last six characters, begins with `text`."""
    visibility, wanted = VisibilityFilter(True, lambda: workspace.excludes), text.upper()
    sessions = islice(workspace.sessions.all(), MOST_SESSIONS)
    candidates = (
        candidate for session in sessions for candidate in visibility.visible(workspace.sessions.candidates(session))
    )
    memories = (candidate.after or candidate.before for candidate in candidates)
    named = {str(memory.id): memory.title for memory in memories if memory}
    return [(name, title) for name, title in named.items() if name.startswith(wanted) or name[-6:].startswith(wanted)]


def known_words(workspace: Workspace, column: str) -> list[str]:
    """The store's values of `type`, `topic`, `key`, `agent` or `tag`, the most frequent first. Raises MemError."""
    with _stored(workspace.layout, workspace.excludes) as values:
        if values is None:
            return []
        return values.tags() if column == "tag" else values.words(column)


def known_sessions(workspace: Workspace, ended: bool = False) -> list[tuple[str, str]]:
    """(name, author and task) of the open sessions, the last updated first; with `ended`, of the others too."""
    sessions = workspace.sessions.all(ended)
    return [
        (session.name, ", ".join(filter(None, [session.agent or session.author, session.task]))) for session in sessions
    ]


def known_authors(workspace: Workspace) -> list[str]:
    """Agents and people who have written what is in the store or in open sessions; agents of the store first."""
    sessions = workspace.sessions.all()
    return list(
        dict.fromkeys([*known_words(workspace, "agent"), *(session.agent or session.author for session in sessions)])
    )


@contextmanager
def _stored(layout: Layout, excludes: Excludes | None) -> Iterator[StoredValues | None]:
    """The indexed values of the store and of open sessions without what is excluded; None where nothing is indexed."""
    store = store_tip(layout)
    if store is None:
        yield None
        return
    refs = (store[0], *(SESSIONS + name for name in open_sessions(layout)[:MOST_SESSIONS]))
    with stored_values(Path(layout.mem_dir, "index"), refs) as values:
        if values and excludes:
            values.hide(excludes.excludes)
        yield values
