"""The process of `mem mcp`: what it prints, when it ends, and what becomes of its session."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import anyio
import pytest

from tests.conftest import Mem, Repo
from tests.mcp.clients import served
from tests.mcp.conftest import run_mem
from tests.waiting import LIMIT, eventually

COMMAND = [sys.executable, "-m", "memcli", "mcp"]
HELLO = {"protocolVersion": "2025-06-18", "capabilities": {}, "clientInfo": {"name": "by hand", "version": "1"}}


def message(number: int | None, method: str, **params: object) -> dict[str, object]:
    """A request, or a notification without a number."""
    numbered = {} if number is None else {"id": number}
    return {"jsonrpc": "2.0", **numbered, "method": method, "params": params}


def piped(place: Path, lines: Sequence[object]) -> tuple[list[Any], subprocess.CompletedProcess[str]]:
    """(the messages that a server answers lines on stdin with, its end)."""
    text = "".join((line if isinstance(line, str) else json.dumps(line)) + "\n" for line in lines)
    done = subprocess.run(COMMAND, cwd=place, input=text, capture_output=True, text=True, timeout=LIMIT)
    return [json.loads(line) for line in done.stdout.splitlines()], done


def test_all_that_was_asked_is_answered_before_the_end(shop: Repo) -> None:
    calls = [message(number, "tools/call", name="recall", arguments={"query": "webhook"}) for number in range(1, 4)]
    answers, done = piped(shop.path, [message(0, "initialize", **HELLO), "garbage", *calls])
    assert sorted(answer["id"] for answer in answers if answer["id"] is not None) == [0, 1, 2, 3]
    assert [answer["error"]["code"] for answer in answers if answer["id"] is None] == [-32600]
    assert done.returncode == 0 and not done.stderr


def test_two_servers_and_a_terminal_lose_nothing(own_shop: Repo) -> None:
    number = 4

    async def add(place: Path, name: str) -> set[str]:
        async with served(place, MEM_AGENT=name) as client:
            texts = [f"The {name} gateway number {n} drops {word}." for n, word in enumerate(("a", "b", "c", "d"))]
            results = [await client.call_tool("add", {"text": text}) for text in texts]
            return {str(result.structured_content["id"]) for result in results}

    async def together() -> list[set[str]]:
        ids: list[set[str]] = []

        async def one(name: str) -> None:
            ids.append(await add(own_shop.path, name))

        async def terminal() -> None:
            for word in ("Kangaroos jump.", "Invoices are PDF files."):
                await anyio.to_thread.run_sync(run_mem, own_shop.path, "add", word)

        async with anyio.create_task_group() as tasks:
            tasks.start_soon(one, "red")
            tasks.start_soon(one, "blue")
            tasks.start_soon(terminal)
        return ids

    ids = anyio.run(together)
    names = [
        session["session"]
        for session in json.loads(run_mem(own_shop.path, "session", "list", "--json"))["data"]["sessions"]
    ]
    mine = {name: own_shop.git("ls-tree", "-r", "--name-only", f"refs/mem/sessions/{name}") for name in names}
    for group in ids:
        assert len(group) == number
        assert sum(all(id[-6:] in paths for id in group) for paths in mine.values()) == 1


def test_the_session_of_a_server_ends_with_it(own_shop: Repo) -> None:
    async def add() -> str:
        async with served(own_shop.path) as client:
            result = await client.call_tool("add", {"text": "The ledger locks rows by id."})
            return str(result.structured_content["session"])

    session = anyio.run(add)
    assert session.startswith("test-client-")

    def state() -> str:
        listed = json.loads(run_mem(own_shop.path, "session", "list", "--json"))["data"]["sessions"]
        return next((found["state"] for found in listed if found["session"] == session), "")

    assert eventually(lambda: state() == "closed")


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_ends_it_although_stdin_is_open(shop: Repo, number: signal.Signals) -> None:
    server = subprocess.Popen(COMMAND, cwd=shop.path, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    assert server.stdin and server.stdout
    server.stdin.write(json.dumps(message(0, "initialize", **HELLO)) + "\n")
    server.stdin.flush()
    assert json.loads(server.stdout.readline())["id"] == 0
    server.send_signal(number)
    assert server.wait(LIMIT) == 128 + number
    server.stdin.close()
    server.stdout.close()


def test_a_killed_server_leaves_a_session_that_others_end(own_shop: Repo) -> None:
    start = [message(0, "initialize", **HELLO), message(None, "notifications/initialized")]
    add = message(1, "tools/call", name="add", arguments={"text": "The ledger locks rows by id."})
    server = subprocess.Popen(COMMAND, cwd=own_shop.path, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    assert server.stdin and server.stdout
    server.stdin.write("".join(json.dumps(line) + "\n" for line in (*start, add)))
    server.stdin.flush()
    answers = [json.loads(server.stdout.readline()) for _ in range(2)]
    session = answers[1]["result"]["structuredContent"]["session"]
    server.kill()
    server.wait(LIMIT)
    server.stdin.close()
    server.stdout.close()
    piped(own_shop.path, [*start, message(1, "tools/call", name="add", arguments={"text": "Invoices are PDF files."})])

    def is_closed() -> bool:
        listed = json.loads(run_mem(own_shop.path, "session", "list", "--json"))["data"]["sessions"]
        return {found["session"]: found["state"] for found in listed}.get(session) == "closed"

    assert eventually(is_closed)


def test_the_session_that_the_environment_names_is_used(own_shop: Repo) -> None:
    run_mem(own_shop.path, "session", "start", "webhooks")

    async def add() -> Any:
        async with served(own_shop.path, MEM_SESSION="webhooks") as client:
            return (await client.call_tool("add", {"text": "The ledger locks rows by id."})).structured_content

    assert anyio.run(add)["session"] == "webhooks"


def test_recall_moves_on_to_the_collection(own_shop: Repo) -> None:
    """Built by another process meanwhile; the hits are the same."""

    async def recalled() -> list[Any]:
        async with served(own_shop.path) as client:
            arguments = {"query": "how often are webhooks tried again?"}
            first = (await client.call_tool("recall", arguments)).structured_content
            collection = own_shop.path / ".git/mem/index/chroma"
            await anyio.to_thread.run_sync(eventually, lambda: bool(list(collection.glob("*/chroma.sqlite3"))))
            return [first, *[(await client.call_tool("recall", arguments)).structured_content for _ in range(2)]]

    answers = anyio.run(recalled)
    assert all(answer["degraded"] is None for answer in answers)
    assert len({json.dumps(answer["hits"][0]["id"]) for answer in answers}) == 1


def test_without_the_sdk_it_says_what_to_install(mem: Mem, tmp_path: Path) -> None:
    (tmp_path / "sitecustomize.py").write_text("import sys\nsys.modules['mcp'] = sys.modules['mcp_types'] = None\n")
    done = mem("mcp", env={"PYTHONPATH": os.pathsep.join([str(tmp_path), str(Path(__file__).parents[2])])})
    assert done.code == 8 and "pip install 'memcli[mcp]'" in done.err and not done.out


def test_other_commands_load_nothing_of_it() -> None:
    program = (
        "import sys, memcli.cli.app, memcli.cli.commands.mcp, memcli.cli.commands.recall, memcli.cli.commands.add;"
        "print(*sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    loaded = {name.split(".")[0] for name in done.stdout.split()}
    assert not loaded & {"mcp", "mcp_types", "pydantic", "starlette", "httpx2", "anyio", "asyncio"}
