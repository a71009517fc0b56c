"""Which function answers the calls of a tool; apart from the tool list, for which a client waits at its start."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from memcli.mcp.reading_tools import history_tool, hydrate_tool, recall_tool, show_tool
from memcli.mcp.tool_answer import ToolAnswer
from memcli.mcp.tool_arguments import checked_arguments
from memcli.mcp.tools import MemoryTool
from memcli.mcp.writing_tools import add_tool
from memcli.operations.recall.warm_search import WarmSearch
from memcli.workspace import Workspace


class ToolCalls:
    """The calls of one server; `start` is the workspace that it was started with."""

    def __init__(self, start: Workspace) -> None:
        search = WarmSearch(start.config.directory, start.config.worker_environment)
        self._runs: dict[str, Callable[[Workspace, Any], ToolAnswer]] = {
            "recall": partial(recall_tool, search=search),
            "show": show_tool,
            "add": add_tool,
            "hydrate": hydrate_tool,
            "history": history_tool,
        }

    def answer(self, workspace: Workspace, tool: MemoryTool, values: object) -> ToolAnswer:
        """The answer to a call. Raises MemError."""
        return self._runs[tool.name](workspace, checked_arguments(tool.arguments, values))
