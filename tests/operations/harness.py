"""A harness of the tests: real hook processes, called as a harness calls them, by a process that can be killed."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

_LOOP = """
import json, os, subprocess, sys
for line in sys.stdin:
    words, text, variables = json.loads(line)
    done = subprocess.run(words, input=text.encode(), capture_output=True, env={**os.environ, **variables})
    print(json.dumps([done.returncode, done.stdout.decode(), done.stderr.decode()]), flush=True)
"""


@dataclass
class Harness:
    """A process of its own in a directory, which calls hooks as its children."""

    process: subprocess.Popen[str]
    place: Path
    session: str
    agent: str = "claude"

    @classmethod
    def begin(cls, place: Path, session: str, agent: str = "claude", argument: str = "") -> Harness:
        """The harness's program, as its command line has it, with an argument."""
        command = [sys.executable, "-c", _LOOP, f"/opt/{agent}", *filter(None, [argument])]
        process = subprocess.Popen(command, cwd=place, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        return cls(process, place, session, agent)

    def run(self, *words: str, text: str = "") -> tuple[int, str, str]:
        """A command of `mem` as the harness runs it: exit code and both streams."""
        return self._call([sys.executable, "-m", "memcli", *words], text, {})

    def shell(self, command: str, **variables: str) -> tuple[int, str, str]:
        """A command of its agent's shell, where `mem` is in the PATH, with the variables that the harness sets."""
        path = f"{Path(sys.executable).parent}:{os.environ['PATH']}"
        return self._call(["sh", "-c", command], "", {"PATH": path, **variables})

    def _call(self, words: list[str], text: str, variables: dict[str, str]) -> tuple[int, str, str]:
        assert self.process.stdin and self.process.stdout
        self.process.stdin.write(json.dumps([words, text, variables]) + "\n")
        self.process.stdin.flush()
        code, out, err = json.loads(self.process.stdout.readline())
        return code, out, err

    def hook(self, event: str, **payload: Any) -> Any:
        """What the hook answers; it has to be harmless."""
        said = {"session_id": self.session, "cwd": str(self.place), **payload}
        code, out, err = self.run("hook", self.agent, event, text=json.dumps(said))
        assert (code, err) == (0, ""), (event, code, err)
        return json.loads(out or "{}")

    def start(self, source: str = "startup") -> str:
        """What the agent is told first."""
        return str(self.hook("session-start", source=source)["hookSpecificOutput"]["additionalContext"])

    def kill(self) -> None:
        """As the kernel would."""
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()

    def leave(self) -> None:
        """The harness says that it ends, and does."""
        self.hook("session-end", reason="other")
        self.kill()


def worker(place: Path) -> subprocess.Popen[bytes]:
    """The end worker as a process of ours."""
    return subprocess.Popen([sys.executable, "-m", "memcli", "hook", "worker"], cwd=place, env=dict(os.environ))
