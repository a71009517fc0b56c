"""The curator templates: one asks a real HTTP server on loopback, one a stub of an agent command line."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import threading
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from memcli.core.curator.answer import parse_answer
from tests.conftest import Mem, Repo
from tests.core.curator.examples import ONE, dream_job

TEMPLATES = Path(__file__).parents[1] / "templates" / "curators"
JOB = dream_job()
EDITS = [{"edit": "attention", "id": ONE, "with": [], "reason": "7 or 9?"}]
ADD = {"edit": "add", "title": "Locks are per row", "body": "Locks are per row.", "kind": "semantic", "type": "fact",
       "topic": "ledger", "reason": "it came up"}  # fmt: skip


def fenced(edits: list[dict[str, Any]]) -> str:
    """An answer as models write it: thoughts with braces, a draft, text, a fence."""
    said = json.dumps({"edits": edits}, indent=1)
    return f'Let me {{think}} [about it].\n{{"edits": []}}\nSure! Here it is:\n\n```json\n{said}\n```\nAnything else?'


@dataclass
class Endpoint:
    """A /chat/completions on loopback: what it was asked, and what it answers next."""

    url: str = ""
    status: int = 200
    body: bytes = b""
    asked: list[dict[str, Any]] = field(default_factory=list)
    headers: list[Mapping[str, str]] = field(default_factory=list)
    paths: list[str] = field(default_factory=list)

    def says(self, content: object) -> None:
        self.body = json.dumps({"choices": [{"message": {"role": "assistant", "content": content}}]}).encode()


@pytest.fixture
def endpoint() -> Iterator[Endpoint]:
    found = Endpoint()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            found.asked.append(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
            found.headers.append(dict(self.headers))
            found.paths.append(self.path)
            self.send_response(found.status)
            self.send_header("Content-Length", str(len(found.body)))
            self.end_headers()
            self.wfile.write(found.body)

        def log_message(self, *_: object) -> None:
            return

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    found.url = f"http://127.0.0.1:{server.server_port}/v1"
    yield found
    server.shutdown()
    server.server_close()
    thread.join()


@dataclass(frozen=True)
class Ran:
    code: int
    out: str
    err: str


def run(place: Path, name: str, *arguments: str, given: str | None = None, **env: str) -> Ran:
    """Run a template from a directory where it is alone, with nothing of ours to import."""
    copy = place / "alone" / name
    copy.parent.mkdir(exist_ok=True)
    shutil.copy(TEMPLATES / name, copy)
    words = [sys.executable, "-I", str(copy), *arguments]
    text = JOB.to_json() if given is None else given
    done = subprocess.run(
        words, input=text, capture_output=True, encoding="utf-8", env={**os.environ, **env}, timeout=60
    )
    return Ran(done.returncode, done.stdout, done.stderr)


def chat(place: Path, endpoint: Endpoint, given: str | None = None, **env: str) -> Ran:
    said = {"MEM_CURATOR_URL": endpoint.url, "MEM_CURATOR_MODEL": "small", "MEM_CURATOR_KEY": "k-1", **env}
    return run(place, "chat_completions.py", given=given, **said)


def failed(done: Ran, why: str) -> bool:
    """Whether a curator ended as it should: no answer, and one line that says why."""
    return done.code == 1 and done.out == "" and done.err.count("\n") == 1 and why in done.err


def test_an_endpoint_is_asked_and_its_answer_found(endpoint: Endpoint, tmp_path: Path) -> None:
    endpoint.says(fenced(EDITS))
    done = chat(tmp_path, endpoint)
    assert (done.code, done.err) == (0, "")
    answer = parse_answer(done.out, 10)
    assert answer.job == JOB.id and [one.reason for one in answer.edits] == ["7 or 9?"]
    assert endpoint.paths == ["/v1/chat/completions"] and endpoint.headers[0]["Authorization"] == "Bearer k-1"
    (asked,) = endpoint.asked
    system, user = asked["messages"]
    assert asked["model"] == "small" and "{edit: merge" in system["content"]
    assert [one["id"] for one in json.loads(user["content"])["memories"]] == [one.id for one in JOB.memories]


def test_a_full_address_and_no_key(endpoint: Endpoint, tmp_path: Path) -> None:
    endpoint.says('[{"edit": "retire", "id": "x", "reason": "y"}]')
    done = chat(tmp_path, endpoint, MEM_CURATOR_URL=endpoint.url + "/chat/completions", MEM_CURATOR_KEY="")
    assert done.code == 0 and endpoint.paths == ["/v1/chat/completions"]
    assert "Authorization" not in endpoint.headers[0]


@pytest.mark.parametrize(
    "content",
    [
        "I would rather not.",
        "",
        None,
        7,
        "[]",
        '{"edits": [',
        '{"edits": "all"}',
        "{" * 5000,
        '{"edits": [{"id": "x"}]}',
    ],
)
def test_an_answer_without_edits_is_a_failure(endpoint: Endpoint, tmp_path: Path, content: object) -> None:
    endpoint.says(content)
    assert failed(chat(tmp_path, endpoint), "no edits" if isinstance(content, str) else "no text")


def test_what_an_endpoint_does_wrong_is_one_line(endpoint: Endpoint, tmp_path: Path) -> None:
    endpoint.status = 500
    assert failed(chat(tmp_path, endpoint), "answered 500")
    endpoint.status = 200
    for body in (b"", b"<html>", b"[]", b'{"choices": []}', b"\xff"):
        endpoint.body = body
        assert failed(chat(tmp_path, endpoint), "curator: ")
    endpoint.body = b" " * (9 << 20)
    assert failed(chat(tmp_path, endpoint), "more than 8 MiB")
    assert failed(chat(tmp_path, endpoint, MEM_CURATOR_URL="http://127.0.0.1:1/v1"), "refused")
    assert failed(chat(tmp_path, endpoint, MEM_CURATOR_URL="nowhere"), "unknown url type")
    assert failed(chat(tmp_path, endpoint, given="{"), "curator: ")
    assert failed(run(tmp_path, "chat_completions.py"), "MEM_CURATOR_URL")


STUB = """#!{python}
import sys
open({place!r} + "/asked", "w").write(sys.stdin.read() + "|" + "|".join(sys.argv[1:]))
{text}
"""


def agent(place: Path, text: str) -> str:
    """A stub of an agent's command; what it was asked stands in `asked`."""
    file = place / "agent"
    file.write_text(STUB.format(python=sys.executable, place=str(place), text=text), encoding="utf-8")
    file.chmod(0o755)
    return str(file)


def test_an_agent_is_asked_on_stdin(tmp_path: Path) -> None:
    command = agent(tmp_path, f"print({fenced(EDITS)!r})")
    done = run(tmp_path, "agent_cli.py", command, "-p", "--output-format", "text")
    assert (done.code, done.err) == (0, "") and parse_answer(done.out, 10).edits[0].id == ONE
    asked = (tmp_path / "asked").read_text()
    assert asked.endswith("|-p|--output-format|text") and "{edit: merge" in asked and ONE in asked


def test_an_agent_is_asked_by_its_last_argument(tmp_path: Path) -> None:
    done = run(tmp_path, "agent_cli.py", "--last", agent(tmp_path, "print('{\"edits\": []}')"), "exec")
    assert done.code == 0 and json.loads(done.out) == {"job": JOB.id, "edits": []}
    stdin, first, text = (tmp_path / "asked").read_text().split("|", 2)
    assert (stdin, first) == ("", "exec") and "{edit: merge" in text


def test_what_an_agent_does_wrong_is_one_line(tmp_path: Path) -> None:
    broken = agent(tmp_path, "sys.stderr.write('a\\nno credit left\\n'); sys.exit(3)")
    assert failed(run(tmp_path, "agent_cli.py", broken), "ended with exit code 3: no credit left")
    assert failed(run(tmp_path, "agent_cli.py", agent(tmp_path, "print('no')")), "no edits")
    assert failed(run(tmp_path, "agent_cli.py", "/does/not/exist"), "No such file")
    assert failed(run(tmp_path, "agent_cli.py"), "name the agent's command")


def test_both_scripts_find_edits_alike() -> None:
    texts = [(TEMPLATES / name).read_text() for name in ("chat_completions.py", "agent_cli.py")]
    found = [text[text.index("def edits_in") : text.index("def main")] for text in texts]
    assert found[0] == found[1]


@pytest.mark.parametrize("name", ["chat_completions.py", "agent_cli.py"])
def test_from_git_config_to_a_candidate(mem: Mem, repo: Repo, endpoint: Endpoint, tmp_path: Path, name: str) -> None:
    mem("init")
    mem("session", "start", "work"), mem("add", "The ledger locks a row.")
    endpoint.says(fenced([ADD]))
    words = f" {agent(tmp_path, f'print({fenced([ADD])!r})')} -p" if name == "agent_cli.py" else ""
    repo.git("config", "mem.curator", f"{sys.executable} {TEMPLATES / name}{words}")
    env = {"MEM_CURATOR_URL": endpoint.url, "MEM_CURATOR_MODEL": "small"}
    done = mem("curate", "distil", "work", "--json", env=env)
    assert done.code == 0, done.err
    assert [one["reason"] for one in done.json()["accepted"]] == ["it came up"]
