"""Who calls: a workspace for each request, as an agent, and the session that a server has for a client without one."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import Any
from uuid import uuid4

from mcp.server import ServerRequestContext

from memcli.core.memory.identity import slug
from memcli.core.review.recorded_text import recordable
from memcli.operations.events.process_session import ProcessSession
from memcli.workspace import Workspace

MOST_IN_NAME = 40


@dataclass(frozen=True)
class McpCallers:
    """The callers of one server process; `start` is the workspace that it was started with."""

    start: Workspace
    _begun: list[ProcessSession] = field(default_factory=list)

    @cached_property
    def _own_id(self) -> str:
        """In place of a harness's session id: one for each process."""
        return f"mcp-{uuid4()}"

    def workspace(self, client: str) -> Workspace:
        """The store as it is now, for a client of this name. Raises MemError where it cannot be used."""
        workspace = self.start.later(slug(recordable(client), "mcp")[:MOST_IN_NAME], self._own_id)
        workspace.check_session()
        return workspace

    def mark_session(self, workspace: Workspace, name: str) -> None:
        """Tie the session that was written into to this process, if no harness has told which it is."""
        if self._is_own(workspace):
            session = ProcessSession(workspace, name)
            session.mark()
            self._begun.append(session)

    def end_session(self) -> None:
        """End the session that this process has begun, if any."""
        if self._begun:
            self._begun[-1].end()

    def _is_own(self, workspace: Workspace) -> bool:
        """Whether a request's session follows from this process: nothing names another one."""
        config = workspace.config
        return config.session is None and config.harness_id == self._own_id


def client_name(context: ServerRequestContext[Any, Any]) -> str:
    """The name that the client of a request has given itself; empty where it has not."""
    params = context.session.client_params
    return params.client_info.name if params else ""
