"""A session lives as long as the process it is marked with, on systems that tell of processes and on others."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from memcli.state.liveness import (
    abandoned_sessions,
    is_abandoned,
    is_marked,
    is_marked_ended,
    mark_alive,
    mark_ended,
    mark_of,
    marks_dir,
    remove_marks,
)
from tests.needs import program

WITHOUT_PROC = ("unshare", "-m", "sh", "-c", 'mount -t tmpfs none /proc && exec "$@"', "sh")


@pytest.fixture
def mem_dir(tmp_path: Path) -> str:
    return str(tmp_path)


@pytest.fixture
def child() -> Iterator[subprocess.Popen[bytes]]:
    """A process that runs until its stdin is closed; not a shell, so it stands for a harness."""
    process = subprocess.Popen([sys.executable, "-c", "import sys; sys.stdin.read()"], stdin=subprocess.PIPE)
    yield process
    process.kill()
    process.communicate()


def write(mem_dir: str, session: str, mark: str) -> None:
    Path(marks_dir(mem_dir)).mkdir(exist_ok=True)
    Path(marks_dir(mem_dir), session).write_text(mark)


def test_a_session_is_abandoned_once_its_process_is_gone(mem_dir: str, child: subprocess.Popen[bytes]) -> None:
    mark_alive(mem_dir, "one", child.pid)
    assert is_marked(mem_dir, "one") and not is_abandoned(mem_dir, "one") and abandoned_sessions(mem_dir) == []
    child.kill()
    child.wait()
    assert is_abandoned(mem_dir, "one") and abandoned_sessions(mem_dir) == [("one", False)]


def test_a_process_that_nobody_has_waited_for_is_gone(mem_dir: str, child: subprocess.Popen[bytes]) -> None:
    mark_alive(mem_dir, "one", child.pid)
    child.kill()
    os.waitid(os.P_PID, child.pid, os.WEXITED | os.WNOWAIT)
    assert is_abandoned(mem_dir, "one")


def test_a_later_process_with_the_same_number_is_another(mem_dir: str, child: subprocess.Popen[bytes]) -> None:
    created, booted = psutil.Process(child.pid).create_time(), psutil.boot_time()
    write(mem_dir, "one", f"{child.pid} {created - 60:.2f} {booted:.2f}\n")
    assert is_abandoned(mem_dir, "one")


@pytest.mark.parametrize(("shift_of_start", "shift_of_boot"), [(-7200.0, -7200.0), (0.0, 7200.0), (0.4, 0.0)])
def test_a_clock_that_is_set_ends_no_session(
    mem_dir: str, child: subprocess.Popen[bytes], shift_of_start: float, shift_of_boot: float
) -> None:
    """Linux counts a start from the system's, other systems keep the time: one of the two stays."""
    created, booted = psutil.Process(child.pid).create_time(), psutil.boot_time()
    write(mem_dir, "one", f"{child.pid} {created + shift_of_start:.2f} {booted + shift_of_boot:.2f}\n")
    assert not is_abandoned(mem_dir, "one")


@pytest.mark.parametrize("mark", ["", "torn", "-1 0 0", "0", f"{2**70} 1 1", "\x00", "é"])
def test_a_damaged_mark_is_that_of_no_process(mem_dir: str, mark: str) -> None:
    write(mem_dir, "one", mark)
    assert is_abandoned(mem_dir, "one") and abandoned_sessions(mem_dir) == [("one", False)]


def test_a_session_that_is_marked_as_ended_may_be_resumed(mem_dir: str) -> None:
    mark_ended(mem_dir, "one")
    assert is_marked_ended(mem_dir, "one") and abandoned_sessions(mem_dir) == [("one", True)]
    mark_alive(mem_dir, "one", os.getpid())
    assert not is_marked_ended(mem_dir, "one") and not is_abandoned(mem_dir, "one")


def test_all_marks_of_a_session_are_removed_and_no_other(mem_dir: str) -> None:
    for name in ("one", "one.told", "one.claude.startup", "one-2"):
        write(mem_dir, name, "ended\n")
    remove_marks(mem_dir, "one")
    assert [file.name for file in Path(marks_dir(mem_dir)).iterdir()] == ["one-2"]
    remove_marks(mem_dir, "never")


def test_without_a_mark_nobody_works_in_a_session(mem_dir: str) -> None:
    assert is_abandoned(mem_dir, "one") and not is_marked(mem_dir, "one") and abandoned_sessions(mem_dir) == []


PROGRAM = """
import sys
from memcli.state.liveness import is_abandoned, mark_alive
mem_dir, living, dead = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
mark_alive(mem_dir, "living", living)
mark_alive(mem_dir, "dead", dead)
print(*(is_abandoned(mem_dir, name) for name in ("living", "dead", "marked-before")))
"""


def test_where_the_system_does_not_tell_a_living_process_keeps_its_session(
    mem_dir: str, child: subprocess.Popen[bytes]
) -> None:
    program("unshare")
    if subprocess.run([*WITHOUT_PROC, "true"], capture_output=True).returncode:
        pytest.skip("needs root to hide /proc (unshare -m)")
    gone = subprocess.Popen(["true"])
    gone.wait()
    mark_alive(mem_dir, "marked-before", child.pid)
    command = [*WITHOUT_PROC, sys.executable, "-c", PROGRAM, mem_dir, str(child.pid), str(gone.pid)]
    done = subprocess.run(command, capture_output=True, text=True)
    assert (done.stdout, done.stderr) == ("False True False\n", "")
    assert not is_abandoned(mem_dir, "living")


def test_the_harness_is_above_the_shells_that_it_runs_its_hooks_with() -> None:
    program_text = "import os; from memcli.state.liveness import mark_of; print(mark_of(os.getppid()), flush=True)"
    hook = f'timeout 60 sh -c "{sys.executable} -c \\"{program_text}\\"; true"; true'
    done = subprocess.run(["sh", "-c", hook], capture_output=True, text=True)
    assert done.stdout.strip() == mark_of(os.getpid())


def test_hooks_that_only_record_do_not_import_psutil() -> None:
    code = "import sys; from memcli.state.liveness import mark_ended; print('psutil' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True).stdout == "False\n"
