"""Who calls: a workspace for each request, as an agent, and the session that a server has for a client without one."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import Any
from uuid import uuid4

from mcp.server import ServerRequestContext

from memcli.agents.registry import agent_of_client
from memcli.core.memory.identity import slug
from memcli.core.review.recorded_text import recordable
from memcli.operations.events.process_session import ProcessSession
from memcli.workspace import Workspace

MOST_IN_NAME = 40


@dataclass(frozen=True)
class McpCallers:
    """The callers of one server process; `start` is the workspace that it was started with."""

    start: Workspace
    _begun: dict[str, ProcessSession] = field(default_factory=dict)

    @cached_property
    def _own_id(self) -> str:
        """In place of a harness's session id: one for each process."""
        return f"mcp-{uuid4()}"

    def workspace(self, client: str) -> Workspace:
        """The store as it is now, for a client of this name: in the session that the environment names or the harness's
        process tells, else in this server's own. Raises MemError where it cannot be used."""
        agent = agent_of_client(client) or slug(recordable(client), "mcp")[:MOST_IN_NAME]
        workspace = self.start.later(agent, "")
        if workspace.selection.name in (None, workspace.selection.current()):
            workspace = self.start.later(agent, self._own_id)
        workspace.check_session()
        return workspace

    def mark_session(self, workspace: Workspace, name: str) -> None:
        """Tie a session that was written into to this process, if it is this server's own."""
        if workspace.config.harness_id == self._own_id and name not in self._begun:
            self._begun[name] = ProcessSession(workspace, name)
            self._begun[name].mark()

    def end_sessions(self) -> None:
        """End the sessions that this process has begun."""
        for session in self._begun.values():
            session.end()


def client_name(context: ServerRequestContext[Any, Any]) -> str:
    """The name that the client of a request has given itself; empty where it has not."""
    params = context.session.client_params
    return params.client_info.name if params else ""
