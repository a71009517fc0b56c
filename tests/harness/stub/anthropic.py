"""Anthropic's Messages, as Claude Code asks them."""

from __future__ import annotations

import json
from collections.abc import Iterator

from tests.harness.stub.protocol import Json, Reply, texts_of
from tests.harness.stub.script import RESULT, USER, ModelRequest


class Messages:
    """`POST /v1/messages`."""

    named_events = True

    def read(self, body: Json) -> ModelRequest:
        turns = [turn for message in body.get("messages", []) if message["role"] == "user"
                 for turn in _turns(message["content"])]  # fmt: skip
        tools = {tool["name"]: tool.get("input_schema", tool) for tool in body.get("tools") or []}
        wants_json = "json" in json.dumps(body.get("output_config", {}))
        return ModelRequest(tuple(turns), tools, '{"title": "stub"}' if wants_json else "stub side answer")

    def answer(self, reply: Reply) -> Json:
        return {**_message(reply), "content": [_block(reply)], "stop_reason": _reason(reply)}

    def events(self, reply: Reply) -> Iterator[Json | str]:
        block = _block(reply)
        if reply.call:
            start: Json = {**block, "input": {}}
            delta: Json = {"type": "input_json_delta", "partial_json": json.dumps(block["input"])}
        else:
            start, delta = {"type": "text", "text": ""}, {"type": "text_delta", "text": reply.text}
        yield {"type": "message_start", "message": _message(reply)}
        yield {"type": "content_block_start", "index": 0, "content_block": start}
        yield {"type": "content_block_delta", "index": 0, "delta": delta}
        yield {"type": "content_block_stop", "index": 0}
        end = {"stop_reason": _reason(reply), "stop_sequence": None}
        yield {"type": "message_delta", "delta": end, "usage": {"output_tokens": 20}}
        yield {"type": "message_stop"}


def _turns(content: object) -> list[tuple[str, str]]:
    parts: list[Json] = content if isinstance(content, list) else [{"type": "text", "text": content}]
    kinds = {"text": USER, "tool_result": RESULT}
    known = [part for part in parts if part.get("type") in kinds]
    return [(kinds[part["type"]], "\n".join(texts_of([part]) or texts_of(part.get("content")))) for part in known]


def _message(reply: Reply) -> Json:
    usage = {"input_tokens": reply.tokens, "cache_creation_input_tokens": 0, "cache_read_input_tokens": 0,
             "output_tokens": 20}  # fmt: skip
    return {"id": f"msg_{reply.number:06d}", "type": "message", "role": "assistant", "model": reply.model,
            "content": [], "stop_reason": None, "stop_sequence": None, "usage": usage}  # fmt: skip


def _block(reply: Reply) -> Json:
    if reply.call:
        identity = f"toolu_{reply.number:06d}"
        return {"type": "tool_use", "id": identity, "name": reply.call.name, "input": reply.call.arguments}
    return {"type": "text", "text": reply.text}


def _reason(reply: Reply) -> str:
    return "tool_use" if reply.call else "end_turn"
