"""opencode: a plugin of our own that hands its events to `mem hook opencode <event>`."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

NAME, PROGRAM, HOME = "opencode", "opencode", ".opencode"
FORM = "file"
FILES = {"project": "{tree}/.opencode/plugins/memcli.js", "user": "{config}/opencode/plugins/memcli.js"}
SKILLS = {"project": "{tree}/.agents/skills", "user": "{home}/.agents/skills"}
INSTRUCTIONS = ("AGENTS.md",)
MEMBERS: dict[str, object] = {}
NOTE = ""
TEMPLATE = "opencode.js"


def entries(_command: Callable[[str], str], _recall: bool) -> list[tuple[str, dict[str, Any]]]:
    """None: a plugin is code."""
    return []
