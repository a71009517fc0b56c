"""Blocks that tools keep in files of rules, between two marks: they are about the tool, which writes them anew."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

_TOOLS = (
    r"openspec|nx(?: configuration)?|bd|beads|backlog(?:\.md)?|nextjs-agent-rules|laravel-boost\S*|claude-mem\S*|mem|"
    r"taskmaster\S*|byterover\S*|gitnexus|serena|rtk\S*|bmad\S*|spec-?kit|speckit|lean-ctx|codegraph\S*|repowise|wt-pm|"
    r"gsd:(?:project|stack|architecture|workflow|profile|skills)|skills?|convex-ai|context7|ruler|ai-devkit"
)
_OPENING = re.compile(
    rf"(?i)^[ \t]*<!--[-\s]*(?:(?:begin|start)[\s:_-]+(?:{_TOOLS})\b|"
    rf"(?:{_TOOLS})\b[^>\n]{{0,40}}?[\s:_-](?:start|begin)\b)|"
    r"^[ \t]*<(laravel-boost-guidelines|claude-mem-context|skills_system|openspec-instructions)\b"
)
_TOOL_HEADING = re.compile(
    r"(?i)(?:using |mcp )?(?:bv as an ai sidecar|bv\b.*|agent mail\b.*|beads workflow integration|"
    r"landing the plane\b.*|"
    r"issue tracking with bd\b.*|ast-grep vs\.? ripgrep.*|morph warp grep.*|cass\b.*|ubs\b.*|"
    r"ultimate bug scanner.*|claude-flow\b.*|sparc\b.*|taskmaster\b.*|task master\b.*|backlog\.md\b.*|"
    r"openspec instructions|spec-driven development workflow)"
)
"""Headings of the instructions that a tool for agents asks its users to copy."""
_CLOSING = re.compile(
    r"(?i)^[ \t]*<!--[^>\n]{0,80}\b(?:end|finish|stop)\b|^[ \t]*</(?:laravel-|claude-mem|skills_system|openspec-)"
)


@dataclass(frozen=True)
class ToolBlock:
    """A block between two marks that a tool keeps up to date; lines are counted from 0, `end` is behind the block."""

    name: str
    start: int
    end: int


def tool_blocks(text: str) -> list[ToolBlock]:
    """The blocks of tools in a text; one that is not closed is none."""
    blocks: list[ToolBlock] = []
    start, name = -1, ""
    for number, line in enumerate(text.split("\n")):
        if start < 0 and _OPENING.match(line[:300]):
            start, name = number, re.sub(r"(?i)[<>!-]+|\b(?:begin|start)\b|[:_]", " ", line[:80]).strip()
        elif start >= 0 and _CLOSING.match(line[:300]):
            blocks.append(ToolBlock(" ".join(name.split()[:3]), start, number + 1))
            start = -1
    return blocks


def is_of_tool(headings: Iterable[str]) -> bool:
    """Whether a heading is that of the instructions of a tool."""
    return any(_TOOL_HEADING.fullmatch(re.sub(r"^[\W\d_]+|\W+$", "", heading)) for heading in headings)


def without_blocks(text: str, blocks: list[ToolBlock]) -> str:
    """The text with empty lines in place of blocks."""
    lines = text.split("\n")
    for block in blocks:
        lines[block.start : block.end] = [""] * (block.end - block.start)
    return "\n".join(lines)
