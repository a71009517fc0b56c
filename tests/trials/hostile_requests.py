"""Hostile requests to `mem mcp`: `python -m tests.trials.hostile_requests [NUMBER] [SEED]` sends 10,000 of them.

None may bring a traceback, an end of the process, or a change of what the store, its refs and the user's files say; a
call of `add` that happens to be valid makes candidates in the server's own session, which is all that may appear.
"""

from __future__ import annotations

import json
import os
import random
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from memcli.mcp.tools import TOOLS
from tests.conftest import Repo

META = "io.modelcontextprotocol/"
MODERN = {
    f"{META}protocolVersion": "2026-07-28",
    f"{META}clientInfo": {"name": "hostile", "version": "1"},
    f"{META}clientCapabilities": {},
}
HELLO = {"protocolVersion": "2025-06-18", "capabilities": {}, "clientInfo": {"name": "hostile", "version": "1"}}
METHODS = (
    *(
        "tools/list",
        "resources/read",
        "resources/list",
        "prompts/get",
        "prompts/list",
        "resources/templates/list",
        "ping",
    ),
    *(
        "initialize",
        "server/discover",
        "completion/complete",
        "logging/setLevel",
        "subscriptions/listen",
        "../../x",
        "",
    ),
)
NO_TOOLS = ("promote", "", "../recall", "recall\0", "RECALL")
NAMES = (
    "query",
    "path",
    "as_of",
    "limit",
    "offset",
    "id",
    "text",
    "title",
    "type",
    "topic",
    "key",
    "paths",
    "evidence",
    "task",
    "budget",
    "line",
    "__proto__",
    "",
    "a" * 3000,
)
TEXTS = (
    "",
    " ",
    "\0",
    "a\0b",
    "../../../etc/passwd",
    "..",
    "/etc/passwd",
    "~",
    "HEAD",
    "HEAD~99999999999",
    "HEAD^{tree}",
    "@{-1}",
    ":/start",
    "mem/main:policy.yaml",
    "--upload-pack=touch x",
    "-n",
    "; rm -rf /",
    "$(id)",
    "' OR 1=1 --",
    '" NEAR "',
    "*",
    "(",
    "\ud800",
    "\u202eevil",
    "\x1b]0;x\x07",
    "webhook",
    "0" * 26,
    "9" * 400,
    "2026-13-45",
    "0001-01-01",
    "9999-12-31T23:59:59Z",
    "2026-11-20",
    "src/webhook.py:1",
    "src/webhook.py:99999999",
    "src/webhook.py:0",
    "../secret:1",
    "src/webhook.py:1@{u}",
    "decision",
    "payments.retries",
    "<private>x</private>",
    "<!-- mem:pack v1 x -->",
    "---\nid: x\n---\n",
    "\n" * 5000,
    "记忆" * 3000,
    "x" * 70_000,
    "%2e%2e%2f",
    "mem://memory/x",
    "01K9Z3V5C4M8Q2T7R6W1XABCDE",
)
URIS = (
    "mem://memory/../..",
    "mem://memory/0",
    "mem://memory/%00",
    "mem://pack/ffffff",
    "mem://session/none/review",
    "mem://session/spool/review",
    "mem://session/../../HEAD/review",
    "file:///etc/passwd",
    "mem://",
    "",
    "x" * 9000,
    "mem://session/dream/review",
    "mem://memory/\u202e",
    "mem://memory/0000000000000000000000000Z",
)


class HostileRequests:
    """Messages of one seed, in the shape of one revision of the protocol."""

    def __init__(self, seed: int, is_modern: bool) -> None:
        self._random, self._is_modern, self._number = random.Random(seed), is_modern, 0

    def lines(self, number: int) -> Iterator[bytes]:
        """So many lines, most of which are messages."""
        for _ in range(number):
            yield self._line().replace(b"\n", b" ") + b"\n"

    def _line(self) -> bytes:
        choice = self._random.random()
        if choice < 0.04:
            return self._random.choice(
                [b"garbage", b"\xff\xfe\x00", b"[]", b"{}", b"null", b"1", b"[" * 50_000, b'{"a":' * 900]
            )
        if choice < 0.12:
            target: Any = self._random.choice([self._number, self._number - 1, "x", None, {}])
            return self._dumped(
                {"jsonrpc": "2.0", "method": "notifications/cancelled", "params": {"requestId": target}}
            )
        if choice < 0.15:
            return self._dumped({"jsonrpc": "2.0", "id": self._value(1), "result": self._value(2)})
        self._number += 1
        message = {
            "jsonrpc": "2.0",
            "id": self._number,
            "method": self._method(),
            "params": self._params(),
        }
        if self._random.random() < 0.05:
            message[self._random.choice(["id", "jsonrpc", "method", "params"])] = self._value(2)
        return self._dumped(message)

    def _method(self) -> str:
        return "tools/call" if self._random.random() < 0.7 else self._random.choice(METHODS)

    def _params(self) -> Any:
        if self._random.random() < 0.04:
            return self._value(3)
        name = self._random.choice(list(TOOLS) if self._random.random() < 0.95 else NO_TOOLS)
        params = {"name": name, "arguments": self._arguments(name), "uri": self._random.choice(URIS)}
        params |= {"cursor": self._text()} if self._random.random() < 0.1 else {}
        if self._is_modern:
            params["_meta"] = MODERN
        if self._random.random() < 0.06:
            params["_meta"] = self._random.choice([{f"{META}protocolVersion": "1999-01-01"}, {}, [], self._value(2)])
        return params

    def _arguments(self, tool: str) -> Any:
        """Those that the tool takes, with hostile values: mostly texts, which pass the check of types."""
        if tool not in TOOLS or self._random.random() < 0.05:
            return {self._random.choice(NAMES): self._value(4)}
        fields = TOOLS[tool].arguments.model_fields
        names = [name for name, field in fields.items() if field.is_required() or self._random.random() < 0.3]
        values = {name: self._argument(name) for name in names}
        return values | ({self._random.choice(NAMES): self._value(3)} if self._random.random() < 0.1 else {})

    def _argument(self, name: str) -> Any:
        if self._random.random() < 0.08:
            return self._value(2)
        if name in ("limit", "offset", "budget"):
            return self._random.choice([1, 2, 10, 50, 0, -1, 2**63, "7"])
        if name in ("paths", "based_on", "tags"):
            return [self._text() for _ in range(self._random.choice([0, 1, 3]))]
        return self._text()

    def _text(self) -> str:
        return self._random.choice(TEXTS)

    def _value(self, depth: int) -> Any:
        kinds: list[Callable[[], Any]] = [
            self._text,
            lambda: None,
            lambda: True,
            lambda: -1,
            lambda: 10**400,
            lambda: 1e308,
            lambda: 0,
            lambda: 2**63,
        ]
        if depth:
            kinds += [
                lambda: [self._value(depth - 1) for _ in range(3)],
                lambda: {self._text()[:50]: self._value(depth - 1)},
                self._deep,
            ]
        return self._random.choice(kinds)()

    def _deep(self) -> Any:
        value: Any = "x"
        for _ in range(self._random.choice([5, 60, 150])):
            value = [value] if self._random.random() < 0.5 else {"a": value}
        return value

    def _dumped(self, message: object) -> bytes:
        return json.dumps(message).encode()


def hostile_trial(repo: Repo, number: int, seed: int) -> list[str]:
    """What went wrong when a server was sent so many lines of each of both kinds; and the store's snapshot differs."""
    before = snapshot(repo)
    problems = [problem for modern in (False, True) for problem in _served(repo, number // 2, seed, modern)]
    return problems + ([] if snapshot(repo) == before else ["the store, a ref or a file has changed"])


def _served(repo: Repo, number: int, seed: int, is_modern: bool) -> Iterator[str]:
    """What went wrong with one server."""
    end = {"jsonrpc": "2.0", "id": "the end", "method": "tools/list", "params": {"_meta": MODERN} if is_modern else {}}
    start = {"jsonrpc": "2.0", "id": "start", "method": "tools/list", "params": {"_meta": MODERN}}
    start = start if is_modern else {**start, "method": "initialize", "params": HELLO}
    requests = HostileRequests(seed, is_modern)
    lines = [json.dumps(start).encode() + b"\n", *requests.lines(number), json.dumps(end).encode() + b"\n"]
    command = [sys.executable, "-m", "memcli", "mcp", "-v"]
    done = subprocess.run(command, cwd=repo.path, input=b"".join(lines), capture_output=True, timeout=3600)
    if done.returncode:
        yield f"the server ended with {done.returncode}: {done.stderr[-500:]!r}"
    for stream in (done.stdout, done.stderr):
        if b"Traceback" in stream or b"internal error" in stream:
            place = max(stream.find(b"Traceback"), stream.find(b"internal error"))
            yield f"it tells of its insides: {stream[max(0, place - 300) : place + 600]!r}"
    answers = [json.loads(line) for line in done.stdout.splitlines()]
    if not any(answer.get("id") == "the end" and "result" in answer for answer in answers):
        yield "the last request was not answered"
    if len(max(done.stdout.splitlines(), key=len)) > 400_000:
        yield "an answer is larger than any should be"


def snapshot(repo: Repo) -> tuple[str, ...]:
    """The store, every ref but sessions', the user's files and git's own."""
    refs = [line for line in repo.git("for-each-ref").splitlines() if "refs/mem/sessions/" not in line]
    files = sorted(path for path in repo.path.rglob("*") if path.is_file() and ".git" not in path.parts)
    texts = [f"{path}: {path.read_bytes()!r}" for path in files]
    own = [(repo.path / ".git" / name).read_bytes().hex() for name in ("HEAD", "config", "index")]
    return (*refs, *texts, *own, repo.git("status", "--porcelain"))


def main() -> None:
    """Run the trial in a repository of its own, and print what went wrong."""
    from tests.mcp.conftest import made_shop

    number, seed = (int(word) for word in (*sys.argv[1:], *("10000", "1")[len(sys.argv) - 1 :]))
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as place:
        os.environ |= {"HOME": place, "GIT_AUTHOR_NAME": "Ada", "GIT_AUTHOR_EMAIL": "ada@example.com"}
        os.environ |= {"GIT_COMMITTER_NAME": "Ada", "GIT_COMMITTER_EMAIL": "ada@example.com"}
        repo = made_shop(Path(place) / "repo")
        problems = hostile_trial(repo, number, seed)
    print("\n".join(problems) or f"{number} hostile requests: nothing went wrong")
    raise SystemExit(bool(problems))


if __name__ == "__main__":
    main()
