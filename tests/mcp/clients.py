"""Clients of the server: the SDK's own, in this process and over stdin and stdout of a real one."""

from __future__ import annotations

import os
import sys
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, TypeVar

import anyio
import pytest
from mcp.client.client import Client
from mcp.client.stdio import StdioServerParameters, stdio_client
from mcp.shared.exceptions import MCPError
from mcp_types import CallToolResult, ErrorData, Implementation, TextContent

from memcli.cli.options import Call
from memcli.config import Flags
from memcli.mcp.server import MemoryServer

Made = TypeVar("Made")
NAME = Implementation(name="test-client", version="1")


def ask(place: Path, question: Callable[[Client], Awaitable[Made]], mode: str = "auto") -> Made:
    """What a question to a server in this process is answered with; `mode` is the SDK's."""

    async def asked() -> Made:
        server = MemoryServer(Call(Flags(directory=str(place))))
        async with Client(server.protocol(), mode=mode, client_info=NAME) as client:
            return await question(client)

    return anyio.run(asked)


def refusal(place: Path, question: Callable[[Client], Awaitable[object]]) -> ErrorData:
    """The error that a question is answered with."""

    async def refused(client: Client) -> ErrorData:
        with pytest.raises(MCPError) as raised:
            await question(client)
        return raised.value.error

    return ask(place, refused)


def call(place: Path, tool: str, **arguments: Any) -> CallToolResult:
    """The result of one call of a tool."""
    return ask(place, lambda client: client.call_tool(tool, arguments))


def fields(place: Path, tool: str, **arguments: Any) -> Any:
    """The structured content of a call that succeeds."""
    result = call(place, tool, **arguments)
    assert not result.is_error, text_of(result)
    return result.structured_content


def text_of(result: CallToolResult) -> str:
    """The text of a result."""
    (content,) = result.content
    assert isinstance(content, TextContent)
    return content.text


@asynccontextmanager
async def served(place: Path, mode: str = "auto", **variables: str) -> AsyncIterator[Client]:
    """A client of a real process of `mem mcp`."""
    command = StdioServerParameters(
        command=sys.executable, args=["-m", "memcli", "mcp"], cwd=str(place), env={**os.environ, **variables}
    )
    async with Client(stdio_client(command), mode=mode, client_info=NAME) as client:
        yield client
