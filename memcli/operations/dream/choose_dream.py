"""Which dream a command means."""

from __future__ import annotations

from memcli.core.session.names import is_dream
from memcli.errors import NotFound
from memcli.operations.dream.dream_history import DreamHistory
from memcli.operations.writing.transaction import drain_before_reading
from memcli.workspace import Workspace


def choose_dream(workspace: Workspace, name: str | None) -> str:
    """The dream a command means: the one named, else the open one, else the last. Raises NotFound."""
    drain_before_reading(workspace)
    history = DreamHistory(workspace.layout, workspace.odb, workspace.sessions)
    names = [*history.open_dreams()[::-1], *(dream.name for dream in history.ended_dreams()[::-1])]
    if name is None and names:
        return names[0]
    if name is None or not is_dream(name):
        raise NotFound(f"no dream {name!r}" if name else "no dream yet", "'mem dream' proposes one")
    return name
