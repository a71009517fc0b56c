"""docs/cli.md is whole; `test_generated_docs` holds that it is current."""

from __future__ import annotations

from memcli.cli.command_table import COMMANDS
from memcli.cli.reference import reference


def test_every_command_and_exit_code_is_on_it() -> None:
    page = reference()
    assert [name for name in COMMANDS if f"`mem {name}" not in page] == []
    assert "| 130 | interrupted |" in page
