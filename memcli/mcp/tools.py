"""The tool list: what each tool is for, what it takes, and whether it writes."""

from __future__ import annotations

from dataclasses import dataclass

from mcp_types import Tool, ToolAnnotations

from memcli.core.text.near_names import did_you_mean
from memcli.errors import NotFound
from memcli.mcp.tool_arguments import (
    AddArguments,
    HistoryArguments,
    HydrateArguments,
    RecallArguments,
    ShowArguments,
    ToolArguments,
    lean_schema,
)


@dataclass(frozen=True)
class MemoryTool:
    """One tool."""

    name: str
    description: str
    arguments: type[ToolArguments]
    writes: bool = False

    def definition(self) -> Tool:
        """The tool as the tool list has it. To add is not destructive, and to add the same twice adds it once."""
        hints = ToolAnnotations(
            read_only_hint=not self.writes, destructive_hint=False, idempotent_hint=True, open_world_hint=False
        )
        schema = lean_schema(self.arguments)
        return Tool(name=self.name, description=self.description, input_schema=schema, annotations=hints)


TOOLS = {
    tool.name: tool
    for tool in (
        MemoryTool(
            "recall",
            "Search this repository's memory: facts, decisions, constraints, failed attempts",
            RecallArguments,
        ),
        MemoryTool("show", "One memory in full, with open questions", ShowArguments),
        MemoryTool("add", "Propose a memory; a person reviews it", AddArguments, writes=True),
        MemoryTool("hydrate", "Memories for a task, within a budget of tokens", HydrateArguments),
        MemoryTool("history", "Who added and reviewed a memory or code line", HistoryArguments),
    )
}
"""All tools by name."""


def find_tool(name: str) -> MemoryTool:
    """The tool of a name. Raises NotFound."""
    if name not in TOOLS:
        hint = f"{did_you_mean(name[:60], TOOLS)} the tools are {', '.join(TOOLS)}".strip()
        raise NotFound(f"no tool {name[:60]!r}", hint)
    return TOOLS[name]
