"""The streams of a client that hangs up: what it has asked is answered first, and what is no message is refused.

The SDK drops the requests that it works on when stdin ends, so `mem mcp < requests` would answer none of them; and it
says nothing about a line that is no message, so that whoever sent it would wait for ever.
"""

from __future__ import annotations

from typing import Any, Self

import anyio
from mcp.shared.message import SessionMessage
from mcp_types import INVALID_REQUEST, ErrorData, JSONRPCError, JSONRPCNotification, JSONRPCRequest

LONGEST = 60.0
"""Seconds to wait for the answers after the end of stdin."""
_REFUSAL = ErrorData(code=INVALID_REQUEST, message="not a JSON-RPC message: one JSON object with 'method' on each line")


class PatientWriter:
    """A write stream that knows which requests have no answer yet."""

    def __init__(self, stream: Any) -> None:
        self._stream = stream
        self._open: set[str] = set()
        self._all_answered = anyio.Event()

    def note(self, message: object) -> None:
        """Note what the client has sent."""
        if isinstance(message, JSONRPCRequest):
            self._open.add(str(message.id))
        elif isinstance(message, JSONRPCNotification) and message.method == "notifications/cancelled":
            self._close((message.params or {}).get("requestId"))

    def _close(self, request: object) -> None:
        self._open.discard(str(request))
        if not self._open:
            self._all_answered.set()

    async def wait(self) -> None:
        """Wait until nothing is open."""
        if self._open:
            self._all_answered = anyio.Event()
            with anyio.move_on_after(LONGEST):
                await self._all_answered.wait()

    async def send(self, item: SessionMessage) -> None:
        await self._stream.send(item)
        self._close(getattr(item.message, "id", None))

    async def aclose(self) -> None:
        await self._stream.aclose()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.aclose()


class PatientReader:
    """A read stream that ends when all is answered."""

    def __init__(self, stream: Any, writer: PatientWriter) -> None:
        self._stream, self._writer = stream, writer

    async def receive(self) -> SessionMessage:
        """The next message. Raises EndOfStream."""
        while True:
            try:
                item = await self._stream.receive()
            except anyio.EndOfStream:
                await self._writer.wait()
                raise
            if isinstance(item, SessionMessage):
                self._writer.note(item.message)
                return item
            await self._writer.send(SessionMessage(JSONRPCError(jsonrpc="2.0", id=None, error=_REFUSAL)))

    async def aclose(self) -> None:
        await self._stream.aclose()

    def __aiter__(self) -> Self:
        return self

    async def __anext__(self) -> SessionMessage:
        try:
            return await self.receive()
        except anyio.EndOfStream:
            raise StopAsyncIteration from None

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.aclose()
