"""The lock is exclusive, bounded in time, and never outlives its holder."""

from __future__ import annotations

import signal
import subprocess
import sys
from pathlib import Path

from memcli.state.lock import hold

HOLDER = """
import sys
from pathlib import Path
from memcli.state.lock import hold
with hold(Path(sys.argv[1]), 5.0) as held:
    print(held, flush=True)
    sys.stdin.read()
"""


def _holder(lock: Path) -> subprocess.Popen[str]:
    command = [sys.executable, "-c", HOLDER, str(lock)]
    holder = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    assert holder.stdout is not None and holder.stdout.readline() == "True\n"
    return holder


def test_a_second_holder_waits_in_vain_and_a_killed_one_blocks_nobody(tmp_path: Path) -> None:
    lock = tmp_path / "mem" / "lock"
    holder = _holder(lock)
    with hold(lock, 0.05) as held:
        assert not held
    holder.send_signal(signal.SIGKILL)
    holder.wait()
    with hold(lock, 5.0) as held:
        assert held


def test_waiting_ends_when_there_is_nothing_to_wait_for(tmp_path: Path) -> None:
    holder = _holder(tmp_path / "lock")
    answers = iter([False, False, True])
    with hold(tmp_path / "lock", 60.0, lambda: next(answers)) as held:
        assert not held
    holder.kill()
    holder.wait()
