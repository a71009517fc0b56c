"""`mem dream discard`: throw an open dream away."""

from __future__ import annotations

from memcli.core.session import trailers
from memcli.core.session.commit_message import commit_message, session_trailers
from memcli.core.session.state import REJECTED
from memcli.errors import Refused
from memcli.operations.dream.recorder import DreamRecorder
from memcli.workspace import Workspace


def discard_dream(workspace: Workspace, name: str) -> str:
    """Throw an open dream away; the store is as it was, and the next dream may propose the same. Raises NotFound."""
    dream, store = workspace.sessions.load(name), workspace.store
    if workspace.config.agent and dream.agent is None:
        raise Refused("this dream belongs to a person", f"ask them to run 'mem dream discard {name}'")
    pairs = [*session_trailers(name, dream.agent, dream.base), (trailers.STATE, REJECTED)]
    message = commit_message("discarded", "", pairs)
    tip = store.odb.write_commit(store.tree_of(dream.tip), [dream.tip], message, workspace.person)
    DreamRecorder(workspace).end(dream, tip, "discard")
    return name
