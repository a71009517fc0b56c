"""The arguments of each tool: what the tool list says about them, and their check.

An agent pays for every word of the tool list in each of its conversations. So it has neither titles nor limits; who
exceeds one is told.
"""

from __future__ import annotations

from typing import Annotated, Any, Literal, get_args

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from memcli.errors import Usage

Line = Annotated[str, Field(max_length=2_000)]
Lines = Annotated[list[Line], Field(max_length=100)]
Count = Annotated[int, Field(ge=1, le=50)]
Type = Literal["fact", "decision", "constraint", "preference", "stability", "procedure", "event", "attempt"]
Evidence = Literal["code", "test", "human", "document", "inference"]


def _words(choice: Any) -> Any:
    """The words that are allowed as a description: in half of the tokens of a list."""
    *words, last = get_args(choice)
    return Field(description=f"{', '.join(words)} or {last}")


_KEPT = ("type", "items", "properties", "required", "description")
"""What the tool list has of a schema."""


class ToolArguments(BaseModel):
    """The arguments of one tool."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class RecallArguments(ToolArguments):
    query: Annotated[str, Field(max_length=10_000)]
    path: Line = ""
    as_of: Annotated[Line, Field(description="commit or date")] = ""
    limit: Count = 10
    offset: Annotated[int, Field(ge=0, le=500)] = 0


class ShowArguments(ToolArguments):
    id: Line
    as_of: Line = ""
    offset: Annotated[int, Field(ge=0, le=1_000_000)] = 0


class AddArguments(ToolArguments):
    text: Annotated[str, Field(max_length=65_536, description="what is true, and why")]
    title: Line = ""
    type: Annotated[Type, _words(Type)] = "fact"
    topic: Line = ""
    key: Line = ""
    paths: Annotated[Lines, Field(description="code paths")] = []
    evidence: Annotated[Evidence, _words(Evidence)] = "inference"


class HydrateArguments(ToolArguments):
    task: Annotated[str, Field(max_length=10_000)] = ""
    paths: Lines = []
    budget: Annotated[int, Field(ge=1, le=4_000)] = 2_000


class HistoryArguments(ToolArguments):
    id: Line = ""
    key: Line = ""
    line: Annotated[Line, Field(description="FILE:LINE")] = ""
    offset: Annotated[int, Field(ge=0, le=5_000)] = 0


def checked_arguments(model: type[ToolArguments], values: object) -> ToolArguments:
    """The arguments that a client has sent. Raises Usage, which repeats none of the values."""
    try:
        return model.model_validate({} if values is None else values)
    except ValidationError as error:
        problems = "; ".join(map(_problem, error.errors(include_input=False, include_url=False)[:5]))
        raise Usage(problems, f"the arguments are {', '.join(model.model_fields)}") from None


def _problem(error: Any) -> str:
    place = ".".join(str(part)[:60] for part in error["loc"])
    return f"{place or 'arguments'}: {error['msg']}"


def lean_schema(model: type[ToolArguments]) -> dict[str, Any]:
    """The JSON Schema of a tool's arguments as the tool list has it."""
    return _lean(model.model_json_schema())


def _lean(schema: dict[str, Any]) -> dict[str, Any]:
    kept = {key: value for key, value in schema.items() if key in _KEPT}
    if "properties" in kept:
        kept["properties"] = {name: _lean(inner) for name, inner in kept["properties"].items()}
    if "items" in kept:
        kept["items"] = _lean(kept["items"])
    return kept
