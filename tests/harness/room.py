"""A room for one harness: a home, a repository with a store, and what the harness did there.

The harness sees nothing of this machine's user. `mem` on its PATH notes the input of every hook before it runs.
"""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from memcli.agents.adapter import Adapter
from memcli.agents.registry import find_adapter
from tests.harness.launchers import LAUNCHERS, Launcher
from tests.harness.network import StubNetwork
from tests.harness.programs import HarnessProgram
from tests.waiting import LIMIT

Step = dict[str, Any]
NOTING_MEM = """\
#!/bin/sh
case "$1 $2" in
"hook git" | "hook worker") ;;
"hook "*) input="{calls}/$(date +%s%N)-$3"; cat > "$input"; exec "{mem}" "$@" < "$input" ;;
esac
exec "{mem}" "$@"
"""


@dataclass(frozen=True)
class HookCall:
    """A hook that the harness ran: its event of ours and its payload."""

    event: str
    payload: dict[str, Any]


@dataclass(frozen=True)
class ModelCall:
    """A request that the model got: the number of the step that answered it, and all of its text."""

    step: int
    text: str


@dataclass(frozen=True)
class Turn:
    """One run of the harness."""

    script: str
    code: int
    out: str
    err: str


@dataclass(frozen=True)
class Room:
    """`project` is the repository; every run of the harness begins there unless another directory is given."""

    directory: Path
    network: StubNetwork
    program: HarnessProgram
    extra: dict[str, str] = field(default_factory=dict)
    """More variables for the harness."""

    @property
    def home(self) -> Path:
        return self.directory / "home"

    @property
    def project(self) -> Path:
        return self.home / "shop"

    @property
    def calls(self) -> Path:
        return self.directory / "hooks"

    @property
    def launcher(self) -> Launcher:
        return LAUNCHERS[self.program.adapter]

    @property
    def adapter(self) -> Adapter:
        adapter = find_adapter(self.program.adapter)
        assert adapter is not None
        return adapter

    def prepare(self) -> None:
        """Make the home, `mem` and a repository without a store."""
        for directory in (self.calls, self.home / ".local/bin", self.project / "src"):
            directory.mkdir(parents=True)
        mem = self.home / ".local/bin/mem"
        mem.write_text(NOTING_MEM.format(calls=self.calls, mem=Path(sys.executable).with_name("mem")))
        mem.chmod(0o755)
        (self.home / ".profile").write_text('PATH="$HOME/.local/bin:$PATH"\n')
        self.launcher.configure(self.home, self.network.url, self.project)
        (self.project / "src/payments.py").write_text("LIMIT = 5\n")
        identity = ("config user.name Dev", "config user.email dev@example.org")  # Gemini hides the person's own file
        for words in ("init -q -b main", *identity, "add .", "commit -qm start"):
            self.run("git", *words.split())

    def call_directly(self) -> None:
        """Put `mem` itself on the PATH, so that no hook is noted: for measurements."""
        mem = self.home / ".local/bin/mem"
        mem.unlink()
        mem.symlink_to(Path(sys.executable).with_name("mem"))

    def environment(self) -> dict[str, str]:
        node = Path(shutil.which("node") or "/usr/bin/node").parent
        path = f"{self.home}/.local/bin:{node}:/usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin"
        return {"HOME": str(self.home), "USER": "dev", "LOGNAME": "dev", "SHELL": "/bin/bash", "LANG": "C.UTF-8",
                "TERM": "dumb", "PATH": path, **self.extra}  # fmt: skip

    def run(self, *words: str, cwd: Path | None = None, check: bool = True) -> str:
        """The output of a person's command."""
        done = subprocess.run(
            words, cwd=cwd or self.project, env=self.environment(), capture_output=True, text=True, timeout=LIMIT,
            stdin=subprocess.DEVNULL,
        )  # fmt: skip
        assert not check or done.returncode == 0, f"{words}: {done.stdout}{done.stderr}"
        return done.stdout

    def mem(self, *words: str, cwd: Path | None = None) -> Any:
        """The data that `mem` gives a person for a command."""
        return json.loads(self.run("mem", *words, "--json", cwd=cwd))["data"]

    def start(self, words: Sequence[str], cwd: Path | None = None, answer: str = "") -> subprocess.Popen[str]:
        """Start the harness; `answer` is what it reads from its standard input."""
        command = [*self.network.prefix, str(self.program.executable), *words]
        environment = {**self.environment(), **self.launcher.environment(self.network.url)}
        process = subprocess.Popen(
            command, cwd=cwd or self.project, env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE,
            stderr=subprocess.PIPE, text=True, start_new_session=True,
        )  # fmt: skip
        assert process.stdin
        process.stdin.write(answer)
        process.stdin.close()
        process.stdin = None
        return process

    def script(self, steps: Iterable[Step]) -> str:
        """A new script of the model; its name."""
        name = f"s{uuid.uuid4().hex[:12]}"
        (self.network.directory / "scripts" / f"{name}.json").write_text(json.dumps(list(steps)))
        return name

    def play(self, steps: Iterable[Step], resume: str = "", fork: str = "", cwd: Path | None = None) -> Turn:
        """Run the harness on a new script; `resume`, `fork`: the conversation to continue."""
        name = self.script(steps)
        prompt = f"Please go on. SCRIPT:{name}"
        if fork:
            assert self.launcher.fork
            return self.finish(name, self.start(self.launcher.fork(fork, prompt), cwd))
        words = self.launcher.resume(resume, prompt) if resume else self.launcher.prompt(prompt)
        return self.finish(name, self.start(words, cwd))

    def finish(self, script: str, process: subprocess.Popen[str]) -> Turn:
        """Wait for the end of a run."""
        out, err = process.communicate(timeout=LIMIT)
        return Turn(script, process.returncode, out, err)

    def kill(self, process: subprocess.Popen[str]) -> None:
        """Kill a run and what it started."""
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()

    def hook_calls(self) -> list[HookCall]:
        """The hooks that ran so far, in order."""
        files = sorted(self.calls.iterdir(), key=lambda file: int(file.name.partition("-")[0]))
        return [HookCall(file.name.partition("-")[2], json.loads(file.read_text() or "{}")) for file in files]

    def conversation(self, calls: Sequence[HookCall]) -> str:
        """The harness's id of the conversation of these hooks; empty where none ran."""
        ids = [self.adapter.session_id(call.payload) for call in calls]
        return ids[-1] if ids else ""

    def model_calls(self, script: str) -> list[ModelCall]:
        """The requests that a script answered, in order; requests beside the conversation have no tools."""
        lines = map(json.loads, self.network.requests.read_text("utf-8").splitlines())
        asked = [(line["step"], line["body"]) for line in lines if line["script"] == script]
        return [ModelCall(step, _text(body)) for step, body in asked if body.pop("tools", None)]


def _text(body: object) -> str:
    """All texts of a request, with the line ends that they have."""
    return json.dumps(body, ensure_ascii=False).replace("\\n", "\n").replace('\\"', '"')
