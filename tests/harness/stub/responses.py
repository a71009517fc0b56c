"""OpenAI's Responses, as Codex asks them."""

from __future__ import annotations

import json
from collections.abc import Iterator

from tests.harness.stub.protocol import Json, Reply, texts_of
from tests.harness.stub.script import RESULT, USER, ModelRequest


class Responses:
    """`POST /v1/responses`."""

    named_events = True

    def read(self, body: Json) -> ModelRequest:
        source = body.get("input", [])
        items = [{"role": "user", "content": source}] if isinstance(source, str) else source
        return ModelRequest(tuple(turn for item in items for turn in _turns(item)), _tools(body.get("tools") or []))

    def answer(self, reply: Reply) -> Json:
        usage = {"input_tokens": reply.tokens, "input_tokens_details": {"cached_tokens": 0}, "output_tokens": 20,
                 "output_tokens_details": {"reasoning_tokens": 0}, "total_tokens": reply.tokens + 20}  # fmt: skip
        return {**_response(reply), "status": "completed", "output": [_item(reply)], "usage": usage}

    def events(self, reply: Reply) -> Iterator[Json | str]:
        item = _item(reply)
        place = {"item_id": item["id"], "output_index": 0}
        added = {**item, "content": []} if item["type"] == "message" else item
        events: list[Json] = [{"type": "response.created", "response": _response(reply)}]
        events.append({"type": "response.output_item.added", "output_index": 0, "item": added})
        events += _message_events(reply.text, place) if item["type"] == "message" else _call_events(item, place)
        events.append({"type": "response.output_item.done", "output_index": 0, "item": item})
        events.append({"type": "response.completed", "response": self.answer(reply)})
        yield from ({**event, "sequence_number": number} for number, event in enumerate(events))


def _tools(listed: list[Json]) -> Json:
    """Name → tool; those of a namespace are noted with it."""
    own = {tool.get("name") or tool["type"]: tool for tool in listed}
    spaces = [tool for tool in listed if tool["type"] == "namespace"]
    return own | {tool["name"]: {**tool, "namespace": space["name"]} for space in spaces for tool in space["tools"]}


def _turns(item: Json) -> list[tuple[str, str]]:
    kind = item.get("type", "message")
    if kind.endswith("_output"):
        output = item.get("output")
        return [(RESULT, "\n".join(texts_of(output)) or str(output))]
    is_user = kind == "message" and item.get("role") == "user"
    return [(USER, " ".join(texts_of(item.get("content"))))] if is_user else []


def _response(reply: Reply) -> Json:
    return {"id": f"resp{reply.number}", "object": "response", "created_at": 1_800_000_000, "model": reply.model,
            "status": "in_progress", "output": []}  # fmt: skip


def _item(reply: Reply) -> Json:
    number, call = reply.number, reply.call
    if call is None:
        content = [{"type": "output_text", "text": reply.text, "annotations": []}]
        return {"type": "message", "id": f"m{number}", "role": "assistant", "status": "completed", "content": content}
    base = {"id": f"c{number}", "call_id": f"call{number}", "name": call.name, "status": "completed"}
    if isinstance(call.arguments, str):
        return {"type": "custom_tool_call", **base, "input": call.arguments}
    base |= {"namespace": call.namespace} if call.namespace else {}
    return {"type": "function_call", **base, "arguments": json.dumps(call.arguments)}


def _message_events(text: str, place: Json) -> list[Json]:
    place = {**place, "content_index": 0}
    part = {"type": "output_text", "text": "", "annotations": []}
    return [
        {"type": "response.content_part.added", **place, "part": part},
        {"type": "response.output_text.delta", **place, "delta": text},
        {"type": "response.output_text.done", **place, "text": text},
    ]


def _call_events(item: Json, place: Json) -> list[Json]:
    if item["type"] != "function_call":
        return []
    return [
        {"type": "response.function_call_arguments.delta", **place, "delta": item["arguments"]},
        {"type": "response.function_call_arguments.done", **place, "arguments": item["arguments"]},
    ]
