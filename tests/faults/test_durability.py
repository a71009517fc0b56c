"""What is acknowledged is on the disk: synced under another name, renamed, its directory synced, in this order."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.faults.conftest import DRIVER
from tests.faults.world import World
from tests.needs import program

CALLS = "fsync,fdatasync,rename,renameat,renameat2"


@pytest.fixture
def calls(world: World, tmp_path: Path) -> list[str]:
    """What one `add` asks of the system to put things on the disk."""
    trace = tmp_path / "trace"
    strace = [program("strace"), "-f", "-y", "-e", f"trace={CALLS}", "-o", str(trace)]
    subprocess.run([*strace, sys.executable, str(DRIVER), "write", str(world.path), "line", "fact", "1"], check=True)
    return [line.split(" ", 1)[1].strip() for line in trace.read_text().splitlines()]


def test_a_journal_entry_is_synced_before_it_is_acknowledged(world: World, calls: list[str]) -> None:
    about = [call for call in calls if "/journal" in call and "/done" not in call]
    [operation] = {match[1] for call in about if (match := re.search(r"journal/([0-9A-Z]{26})\b", call))}
    home = re.escape(str(world.mem_dir / "journal"))
    expected = (
        rf"fsync\(\d+<{home}/\.{operation}\.\d+>\) = 0",
        rf'rename\(".*/\.{operation}\.\d+", ".*/{operation}"\) = 0',
        rf"fsync\(\d+<{home}>\) = 0",
    )
    assert [pattern for pattern, call in zip(expected, about, strict=True) if not re.fullmatch(pattern, call)] == []


def test_an_operation_is_synced_in_the_log_before_its_entry_leaves_the_journal(calls: list[str]) -> None:
    synced = next(number for number, call in enumerate(calls) if re.search(r"fsync\(\d+<.*/mem/oplog>\) = 0", call))
    assert synced < next(number for number, call in enumerate(calls) if "/journal/done/" in call)
