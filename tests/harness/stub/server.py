"""The stub model's server on 127.0.0.1: `python -m tests.harness.stub.server DIRECTORY`.

DIRECTORY holds `scripts/`; the server writes its port to `port` and every request, whole, to `requests.jsonl`. In a
network namespace of its own it sets the loopback device up first.
"""

from __future__ import annotations

import fcntl
import gzip
import itertools
import json
import socket
import struct
import sys
import time
from collections.abc import Iterator
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Lock

from tests.harness.stub.anthropic import Messages
from tests.harness.stub.chat import ChatCompletions
from tests.harness.stub.gemini import GenerateContent
from tests.harness.stub.protocol import Json, ModelProtocol, reply_to
from tests.harness.stub.responses import Responses
from tests.harness.stub.script import Step, next_step

PROTOCOLS: dict[str, ModelProtocol] = {
    "/messages": Messages(), "/responses": Responses(), "/chat/completions": ChatCompletions(),
    "enerateContent": GenerateContent(),
}  # fmt: skip
"""How the path of a request ends → its protocol."""
GEMINI_STREAM = ":streamGenerateContent"
MODEL = {"id": "stub-model", "object": "model", "type": "model", "display_name": "Stub", "created": 1}
GET_FLAGS, SET_FLAGS, UP = 0x8913, 0x8914, 1


class StubServer(ThreadingHTTPServer):
    """The server, its scripts and its log."""

    request_queue_size = 64
    daemon_threads = True

    def __init__(self, directory: Path) -> None:
        super().__init__(("127.0.0.1", 0), StubHandler)
        self.scripts, self._log = directory / "scripts", directory / "requests.jsonl"
        self._numbers, self._lock = itertools.count(1), Lock()

    def log(self, step: Step, body: Json) -> int:
        """Write a request down; its number."""
        with self._lock, self._log.open("a", encoding="utf-8") as stream:
            number = next(self._numbers)
            record = {"number": number, "script": step.script, "step": step.number, "body": body}
            stream.write(json.dumps(record) + "\n")
            return number


class StubHandler(BaseHTTPRequestHandler):
    """One connection."""

    protocol_version = "HTTP/1.1"
    server: StubServer

    def log_message(self, *_: object) -> None: ...

    def do_HEAD(self) -> None:
        self._send({})

    def do_GET(self) -> None:
        is_list = self.path.partition("?")[0].endswith("/models")
        self._send({"object": "list", "data": [MODEL], "models": []} if is_list else {"error": {"message": "unknown"}})

    def do_POST(self) -> None:
        path, body = self.path.partition("?")[0], self._body()
        protocol = next((protocol for end, protocol in PROTOCOLS.items() if path.endswith(end)), None)
        if protocol is None:
            self._send({"input_tokens": 100, "totalTokens": 100})
            return
        with suppress(BrokenPipeError, ConnectionResetError):  # the harness was killed
            self._answer(protocol, body, path)

    def _answer(self, protocol: ModelProtocol, body: Json, path: str) -> None:
        request = protocol.read(body)
        step = next_step(request, self.server.scripts)
        number = self.server.log(step, body)
        time.sleep(step.hang)
        reply = reply_to(request, step, number, body.get("model", "stub-model"))
        if body.get("stream") or path.endswith(GEMINI_STREAM):
            self._stream(protocol.events(reply), protocol.named_events)
        else:
            self._send(protocol.answer(reply))

    def _body(self) -> Json:
        data = self._chunks() if self.headers.get("Transfer-Encoding", "").lower() == "chunked" else self.rfile.read(
            int(self.headers.get("Content-Length") or 0))  # fmt: skip
        if self.headers.get("Content-Encoding") == "gzip":
            data = gzip.decompress(data)
        body = json.loads(data or b"{}")
        return body if isinstance(body, dict) else {}

    def _chunks(self) -> bytes:
        data = b""
        while size := int(self.rfile.readline().split(b";")[0], 16):
            data += self.rfile.read(size)
            self.rfile.readline()
        self.rfile.readline()
        return data

    def _send(self, answer: Json) -> None:
        data = json.dumps(answer).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(data)

    def _stream(self, events: Iterator[Json | str], named: bool) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "text/event-stream")
        self.send_header("Connection", "close")
        self.end_headers()
        for event in events:
            head = f"event: {event['type']}\n" if named and isinstance(event, dict) else ""
            data = event if isinstance(event, str) else json.dumps(event)
            self.wfile.write(f"{head}data: {data}\n\n".encode())
            self.wfile.flush()
        self.close_connection = True


def set_loopback_up() -> None:
    """Set the loopback device up, which a new network namespace has down; nothing where that is not allowed."""
    with suppress(OSError), socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as channel:
        request = fcntl.ioctl(channel, GET_FLAGS, struct.pack("16sh22x", b"lo", 0))
        flags = struct.unpack("16sh22x", request)[1]
        fcntl.ioctl(channel, SET_FLAGS, struct.pack("16sh22x", b"lo", flags | UP))


if __name__ == "__main__":
    set_loopback_up()
    directory = Path(sys.argv[1])
    server = StubServer(directory)
    (directory / "port.new").write_text(str(server.server_address[1]))
    (directory / "port.new").rename(directory / "port")
    server.serve_forever()
