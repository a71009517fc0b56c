"""The table of instruction files holds what the harnesses read."""

from __future__ import annotations

from pathlib import PurePosixPath

from memcli.agents.registry import adapters
from memcli.core.text.instruction_files import RULE_FILES


def test_the_instruction_files_of_every_harness_are_rule_files() -> None:
    for adapter in adapters().values():
        assert {PurePosixPath(path).name.lower() for path in adapter.instruction_files} <= RULE_FILES
