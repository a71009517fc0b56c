"""Asking a command: whatever it does, an answer or a reason, in bounded time and memory, and nothing left running."""

from __future__ import annotations

import os
import resource
import signal
import sys
from pathlib import Path

import pytest

from memcli.system.external_command import MOST_BYTES, CommandOutput, run_external
from tests.waiting import eventually


def script(place: Path, text: str) -> str:
    """A command line that runs a Python script."""
    file = place / "guest with a blank.py"
    file.write_text("import os, subprocess, sys, time\n" + text, encoding="utf-8")
    return f"{sys.executable} '{file}'"


def shell(place: Path, text: str) -> str:
    """A command line that runs a shell script, which starts at once on a busy machine too."""
    file = place / "guest.sh"
    file.write_text(text)
    return f"sh {file}"


def asked(place: Path, text: str, given: bytes = b"{}", patience: float = 20.0) -> CommandOutput:
    return run_external(script(place, text), given, place, dict(os.environ), patience)


def is_running(file: Path) -> bool:
    """Whether the process whose id is in a file still runs."""
    try:
        state = Path(f"/proc/{file.read_text()}/stat").read_text().rpartition(")")[2].split()[0]
    except (FileNotFoundError, ProcessLookupError):
        return False
    return state != "Z"


def ended(file: Path) -> bool:
    return eventually(lambda: not is_running(file))


def test_what_is_given_comes_back(tmp_path: Path) -> None:
    given = os.urandom(3 << 20)
    echo = "while data := sys.stdin.buffer.read(1000): sys.stdout.buffer.write(data)"
    assert asked(tmp_path, echo, given) == CommandOutput(given)


def test_where_it_runs_and_with_what(tmp_path: Path) -> None:
    command = script(tmp_path, "print(os.getcwd(), sorted(os.environ), os.getpgrp() == os.getpid(), end='')")
    said = run_external(command, b"", tmp_path, {"A": "1"}, 20)
    assert said.output.decode().startswith(f"{tmp_path} ['A'") and said.output.endswith(b"True")


@pytest.mark.parametrize(
    "text, why",
    [
        ("sys.exit(1)", "ended with exit code 1"),
        ("print('{}'); sys.exit(3)", "ended with exit code 3"),
        ("os.kill(os.getpid(), 9)", "was ended by signal 9"),
        ("", "it gave no answer"),
        ("print('  ')", "it gave no answer"),
    ],
)
def test_a_failure_is_a_reason(tmp_path: Path, text: str, why: str) -> None:
    said = asked(tmp_path, text)
    assert why in said.failure and said.output == b""


@pytest.mark.parametrize(
    "command, why",
    [("", "is empty"), ("  ", "is empty"), ("a 'b", "cannot be read"), ("/does/not/exist", "started: No such"),
     ("/", "cannot be started: Permission"), ("a\0b", "cannot be started")],
)  # fmt: skip
def test_a_command_that_cannot_run_is_a_reason(tmp_path: Path, command: str, why: str) -> None:
    assert why in run_external(command, b"", tmp_path, {}, 5).failure


def test_no_shell_reads_the_command(tmp_path: Path) -> None:
    said = run_external("echo $HOME; touch made `touch made` | cat", b"", tmp_path, dict(os.environ), 5)
    assert said.output == b"$HOME; touch made `touch made` | cat\n" and list(tmp_path.iterdir()) == []


def test_who_does_not_listen_may_answer_all_the_same(tmp_path: Path) -> None:
    assert asked(tmp_path, "os.close(0); print('[]')", b"x" * (4 << 20)).output == b"[]\n"


def test_no_answer_ends_with_the_patience_and_takes_the_group_along(tmp_path: Path) -> None:
    command = shell(tmp_path, "sleep 600 & printf $! >child; printf $$ >self; sleep 60; echo '[]'")
    assert run_external(command, b"{}", tmp_path, dict(os.environ), 1.0).failure == "no answer within 1 s"
    assert ended(tmp_path / "child") and ended(tmp_path / "self")


def test_a_grandchild_that_holds_the_pipes_keeps_nobody_waiting(tmp_path: Path) -> None:
    text = f"""
child = subprocess.Popen(['sleep', '600'])
open({str(tmp_path / "child")!r}, 'w').write(str(child.pid))
print('[]')
"""
    assert asked(tmp_path, text, patience=600.0) == CommandOutput(b"[]\n")
    assert ended(tmp_path / "child")


def test_a_grandchild_in_a_session_of_its_own_keeps_nobody_waiting(tmp_path: Path) -> None:
    command = shell(tmp_path, "setsid sh -c 'printf $$ >child; exec sleep 60' & sleep 60")
    assert "no answer" in run_external(command, b"{}", tmp_path, dict(os.environ), 1.0).failure
    assert is_running(tmp_path / "child")
    os.kill(int((tmp_path / "child").read_text()), signal.SIGKILL)


def test_a_gigabyte_of_output_is_not_read(tmp_path: Path) -> None:
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    text = f"""
open({str(tmp_path / "self")!r}, 'w').write(str(os.getpid()))
for _ in range(1024): os.write(1, b'x' * (1 << 20))
"""
    said = asked(tmp_path, text)
    assert said.failure == f"it printed more than {MOST_BYTES >> 20} MiB" and said.output == b""
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 64 << 10  # KiB
    assert ended(tmp_path / "self")


def test_endless_stderr_ends_it_and_only_the_last_words_are_kept(tmp_path: Path) -> None:
    said = asked(tmp_path, "while True: os.write(2, b'no ' * 100_000)")
    assert "more than 8 MiB" in said.failure and 0 < len(said.errors) <= 2_000


def test_what_it_says_beside_the_answer_is_kept(tmp_path: Path) -> None:
    assert asked(tmp_path, "print('[]'); print('took 3 s', file=sys.stderr)") == CommandOutput(b"[]\n", "", "took 3 s")
