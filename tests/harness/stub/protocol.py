"""What the four protocols have in common: a body is read, and a reply becomes an answer or a stream of events."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Protocol

from tests.harness.stub.script import ModelRequest, Step
from tests.harness.stub.tools import ToolCall, tool_call

Json = dict[str, Any]


@dataclass(frozen=True)
class Reply:
    """What the model says: a text, or the call of a tool. `number` makes ids unique; `tokens` is the input's size."""

    number: int
    text: str
    call: ToolCall | None
    tokens: int
    model: str


class ModelProtocol(Protocol):
    """One vendor's way to ask a model and to be answered."""

    @property
    def named_events(self) -> bool:
        """Whether each event of a stream has a line with its type."""
        ...

    def read(self, body: Json) -> ModelRequest:
        """What a body asks."""
        ...

    def answer(self, reply: Reply) -> Json:
        """The whole answer."""
        ...

    def events(self, reply: Reply) -> Iterator[Json | str]:
        """The events of a streamed answer."""
        ...


def reply_to(request: ModelRequest, step: Step, number: int, model: str) -> Reply:
    """The reply that a step makes; a text that says so where the harness has no tool for it."""
    call = None if step.text is not None else tool_call(step.action, request.tools)
    lacks = "" if call else f"no tool for {step.action} among {sorted(request.tools)}"
    return Reply(number, lacks if step.text is None else step.text, call, step.tokens, model)


def texts_of(content: object) -> list[str]:
    """The texts of a message's content, which is a text or a list of parts."""
    if isinstance(content, str):
        return [content]
    parts = content if isinstance(content, list) else []
    return [part["text"] for part in parts if isinstance(part, dict) and isinstance(part.get("text"), str)]
