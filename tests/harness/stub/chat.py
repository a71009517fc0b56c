"""OpenAI's chat completions, as Copilot CLI and opencode ask them."""

from __future__ import annotations

import json
from collections.abc import Iterator

from tests.harness.stub.protocol import Json, Reply, texts_of
from tests.harness.stub.script import RESULT, USER, ModelRequest

_KINDS = {"user": USER, "tool": RESULT}


class ChatCompletions:
    """`POST /v1/chat/completions`."""

    named_events = False

    def read(self, body: Json) -> ModelRequest:
        turns = [(_KINDS[message["role"]], " ".join(texts_of(message.get("content"))))
                 for message in body.get("messages", []) if message["role"] in _KINDS]  # fmt: skip
        functions = [tool["function"] for tool in body.get("tools") or [] if "function" in tool]
        return ModelRequest(tuple(turns), {tool["name"]: tool.get("parameters", {}) for tool in functions})

    def answer(self, reply: Reply) -> Json:
        choice = {"index": 0, "message": _message(reply), "finish_reason": _reason(reply)}
        return {**_base(reply), "object": "chat.completion", "choices": [choice], "usage": _usage(reply)}

    def events(self, reply: Reply) -> Iterator[Json | str]:
        base = {**_base(reply), "object": "chat.completion.chunk"}
        yield {**base, "choices": [{"index": 0, "delta": _message(reply), "finish_reason": None}]}
        last = {"index": 0, "delta": {}, "finish_reason": _reason(reply)}
        yield {**base, "choices": [last], "usage": _usage(reply)}
        yield "[DONE]"


def _message(reply: Reply) -> Json:
    if reply.call is None:
        return {"role": "assistant", "content": reply.text}
    function = {"name": reply.call.name, "arguments": json.dumps(reply.call.arguments)}
    call = {"index": 0, "id": f"call_{reply.number}", "type": "function", "function": function}
    return {"role": "assistant", "content": None, "tool_calls": [call]}


def _reason(reply: Reply) -> str:
    return "tool_calls" if reply.call else "stop"


def _base(reply: Reply) -> Json:
    return {"id": f"cc{reply.number}", "created": 1_800_000_000, "model": reply.model}


def _usage(reply: Reply) -> Json:
    return {"prompt_tokens": reply.tokens, "completion_tokens": 20, "total_tokens": reply.tokens + 20}
