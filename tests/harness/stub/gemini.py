"""Gemini's generateContent, as Gemini CLI asks it."""

from __future__ import annotations

import json
from collections.abc import Iterator

from tests.harness.stub.protocol import Json, Reply
from tests.harness.stub.script import RESULT, USER, ModelRequest

SIDE_ANSWER = {"reasoning": "x", "model_choice": "flash", "complexity_score": 10, "complexity_reasoning": "x",
               "next_speaker": "user", "summary": "s"}  # fmt: skip
"""What it asks of a model beside the conversation: which model to take, who speaks next."""


class GenerateContent:
    """`POST /v1beta/models/<model>:streamGenerateContent`."""

    named_events = False

    def read(self, body: Json) -> ModelRequest:
        contents = [item for item in body.get("contents", []) if item.get("role", "user") == "user"]
        turns = [turn for item in contents for part in item.get("parts", []) for turn in _turns(part)]
        groups = [tool.get("functionDeclarations", []) for tool in body.get("tools") or []]
        tools = {function["name"]: function for group in groups for function in group}
        wants_json = body.get("generationConfig", {}).get("responseMimeType") == "application/json"
        side = json.dumps(SIDE_ANSWER) if wants_json else "<state_snapshot>The limit was raised.</state_snapshot>"
        return ModelRequest(tuple(turns), tools, side)

    def answer(self, reply: Reply) -> Json:
        call = reply.call
        part: Json = {"functionCall": {"name": call.name, "args": call.arguments}} if call else {"text": reply.text}
        usage = {"promptTokenCount": reply.tokens, "candidatesTokenCount": 20, "totalTokenCount": reply.tokens + 20}
        candidate = {"content": {"role": "model", "parts": [part]}, "finishReason": "STOP", "index": 0}
        return {"candidates": [candidate], "usageMetadata": usage, "modelVersion": "stub"}

    def events(self, reply: Reply) -> Iterator[Json | str]:
        yield self.answer(reply)


def _turns(part: Json) -> list[tuple[str, str]]:
    if "text" in part:
        return [(USER, part["text"])]
    return [(RESULT, json.dumps(part["functionResponse"]))] if "functionResponse" in part else []
