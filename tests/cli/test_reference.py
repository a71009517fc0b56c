"""docs/cli.md is what the code says."""

from __future__ import annotations

from pathlib import Path

from memcli.cli.app import COMMANDS
from memcli.cli.reference import reference

PAGE = Path(__file__).parents[2] / "docs" / "cli.md"


def test_the_page_is_up_to_date() -> None:
    assert PAGE.read_text(encoding="utf-8") == reference() + "\n", "run 'make docs'"


def test_every_command_and_exit_code_is_on_it() -> None:
    page = reference()
    assert [name for name in COMMANDS if f"`mem {name}" not in page] == []
    assert "| 130 | interrupted |" in page
