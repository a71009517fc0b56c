"""Which dream a command means."""

from __future__ import annotations

from memcli.core.session.names import THE_DREAM, is_dream
from memcli.errors import NotFound
from memcli.operations.dream.dream_history import DreamHistory
from memcli.operations.writing.transaction import drain_before_reading
from memcli.workspace import Workspace


def choose_dream(workspace: Workspace, name: str | None) -> str:
    """The dream a command means: the one named, else (or as `dream`) the open one, else the last. Raises NotFound."""
    drain_before_reading(workspace)
    if name and name != THE_DREAM:
        if not is_dream(name):
            raise NotFound(f"no dream {name!r}", "'mem dream' proposes one")
        return name
    history = DreamHistory(workspace.layout, workspace.odb, workspace.sessions)
    names = [*history.open_dreams()[::-1], *(dream.name for dream in history.ended_dreams()[::-1])]
    if not names:
        raise NotFound("no dream yet", "'mem dream' proposes one")
    return names[0]
