"""The tool that writes: a new memory, as a candidate."""

from __future__ import annotations

from memcli.cli.views.findings import finding_lines
from memcli.cli.views.output import printable
from memcli.cli.views.written_memory import delay_warnings, written_data
from memcli.core.memory.document import Value
from memcli.mcp.tool_answer import ToolAnswer, plain_data
from memcli.mcp.tool_arguments import AddArguments
from memcli.operations.memories.add import add_memories
from memcli.workspace import Workspace


def add_tool(workspace: Workspace, arguments: AddArguments) -> ToolAnswer:
    """The candidate as it was recorded in the caller's session."""
    (recorded,) = add_memories(workspace, [_front(arguments)])
    state = f"{recorded.id}  {recorded.path} ({recorded.state} in session {recorded.session}; awaits review)"
    warnings = [f"warning: {warning}" for warning in delay_warnings(recorded)]
    text = "\n".join([printable(state), *finding_lines(recorded.findings), *map(printable, warnings)])
    return ToolAnswer(text, plain_data(written_data(recorded)))


def _front(arguments: AddArguments) -> dict[str, Value]:
    """The front matter keys that were given, and the body."""
    given = arguments.model_dump(exclude={"text"}, exclude_defaults=True)
    front = {name: tuple(value) if isinstance(value, list) else value for name, value in given.items()}
    return {**front, "body": arguments.text}
