"""The table of tools: what each is for, what it takes, whether it writes, and what it calls."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from mcp_types import Tool, ToolAnnotations

from memcli.core.text.near_names import did_you_mean
from memcli.errors import NotFound
from memcli.mcp.reading_tools import history_tool, hydrate_tool, recall_tool, show_tool
from memcli.mcp.tool_answer import ToolAnswer
from memcli.mcp.tool_arguments import (
    AddArguments,
    HistoryArguments,
    HydrateArguments,
    RecallArguments,
    ShowArguments,
    ToolArguments,
    checked_arguments,
    lean_schema,
)
from memcli.mcp.writing_tools import add_tool
from memcli.workspace import Workspace


@dataclass(frozen=True)
class MemoryTool:
    """One tool; `run` takes the workspace of one request and the checked arguments."""

    name: str
    description: str
    arguments: type[ToolArguments]
    run: Callable[[Workspace, Any], ToolAnswer]
    writes: bool = False

    def answer(self, workspace: Workspace, values: object) -> ToolAnswer:
        """The answer to a call. Raises MemError."""
        return self.run(workspace, checked_arguments(self.arguments, values))

    def definition(self) -> Tool:
        """The tool as the tool list has it. To add is not destructive, and to add the same twice adds it once."""
        hints = ToolAnnotations(
            read_only_hint=not self.writes, destructive_hint=False, idempotent_hint=True, open_world_hint=False
        )
        schema = lean_schema(self.arguments)
        return Tool(name=self.name, description=self.description, input_schema=schema, annotations=hints)


class ToolTable:
    """The tools of one server; `via` tells for each recall where vectors are searched."""

    def __init__(self, via: Callable[[Workspace], str | None]) -> None:
        tools = (
            MemoryTool(
                "recall",
                "Search this repository's memory: facts, decisions, constraints, failed attempts",
                RecallArguments,
                lambda workspace, arguments: recall_tool(workspace, arguments, via),
            ),
            MemoryTool("show", "One memory in full, with open questions", ShowArguments, show_tool),
            MemoryTool("add", "Propose a memory; a person reviews it", AddArguments, add_tool, writes=True),
            MemoryTool("hydrate", "Memories for a task, within a budget of tokens", HydrateArguments, hydrate_tool),
            MemoryTool("history", "Who added and reviewed a memory or code line", HistoryArguments, history_tool),
        )
        self._tools = {tool.name: tool for tool in tools}

    def definitions(self) -> list[Tool]:
        """All tools as the tool list has them."""
        return [tool.definition() for tool in self._tools.values()]

    def find(self, name: str) -> MemoryTool:
        """The tool of a name. Raises NotFound."""
        if name not in self._tools:
            hint = f"{did_you_mean(name[:60], self._tools)} the tools are {', '.join(self._tools)}".strip()
            raise NotFound(f"no tool {name[:60]!r}", hint)
        return self._tools[name]
