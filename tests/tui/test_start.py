"""What `mem ui` loads before its first frame, and how it treats errors of its own."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from memcli.cli.options import Call
from memcli.config import Flags
from memcli.tui.mem_ui import MemUi
from tests.conftest import Repo
from tests.tui.driven import Driven, drive


def test_nothing_heavy_is_loaded_before_the_first_frame() -> None:
    program = "import sys, memcli.tui.mem_ui; print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    loaded = done.stdout.split()
    assert not {name.split(".")[0] for name in loaded} & {"chromadb", "numpy", "pygit2", "sqlite3", "git", "ruamel"}
    assert not [name for name in loaded if name.startswith("memcli.operations.")]


def test_before_the_first_search_no_vectors_are_loaded(inbox: Repo) -> None:
    program = f"""
import asyncio, sys
from memcli.cli.options import Call
from memcli.config import Flags
from memcli.tui.mem_ui import MemUi

async def run():
    ui = MemUi(Call(Flags(directory={str(inbox.path)!r})))
    async with ui.run_test() as pilot:
        while not (ui.inbox and ui.inbox.rows and all(row.is_judged for row in ui.inbox.rows)):
            await pilot.pause(0.01)
    print(*sys.modules)

asyncio.run(run())
"""
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert not {name.split(".")[0] for name in done.stdout.split()} & {"chromadb", "numpy", "tokenizers"}


def test_an_error_of_its_own_is_no_traceback(inbox: Repo, monkeypatch: pytest.MonkeyPatch) -> None:
    ui = MemUi(Call(Flags(directory=str(inbox.path))))
    monkeypatch.setattr(type(ui), "is_headless", False)
    ended: list[int] = []
    monkeypatch.setattr(ui, "exit", ended.append)
    failure = ValueError("a defect")
    ui._handle_exception(failure)
    assert ui.failure is failure and ended == [1]


def test_a_picture_can_be_taken(inbox: Repo, tmp_path: Path) -> None:
    async def steps(driven: Driven) -> None:
        await driven.judged()
        (tmp_path / "ui.svg").write_text(driven.ui.export_screenshot())

    drive(inbox.path, steps)
    assert "<svg" in (tmp_path / "ui.svg").read_text()
