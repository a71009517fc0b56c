"""The table of instruction files holds what the harnesses read."""

from __future__ import annotations

from pathlib import PurePosixPath

import pytest

from memcli.agents.registry import adapters
from memcli.core.text.instruction_files import RULE_FILES, governed_directory, has_agent_rules


def test_the_instruction_files_of_every_harness_are_rule_files() -> None:
    for adapter in adapters().values():
        assert {PurePosixPath(path).name.lower() for path in adapter.instruction_files} <= RULE_FILES


@pytest.mark.parametrize(
    "path, directory",
    [
        *(("AGENTS.md", ""), ("agents.md", ""), ("packages/api/CLAUDE.md", "packages/api"), (".claude/CLAUDE.md", "")),
        *((".cursor/rules/ui/a.mdc", ""), ("apps/web/.cursor/rules/a.mdc", "apps/web"), (".cursorrules", "")),
        *((".windsurf/rules/a.md", ""), (".clinerules", ""), (".clinerules/a.md", ""), (".goosehints", "")),
        *((".github/copilot-instructions.md", ""), (".github/instructions/a.instructions.md", "")),
        *((".claude/rules/a/b.md", ""), (".junie/guidelines.md", ""), (".kiro/steering/a.md", "")),
        *((".roo/rules/a.md", ""), (".roo/rules-code/a.txt", ""), (".roorules", ""), (".amazonq/rules/a.md", "")),
        *((".aiassistant/rules/a.md", ""), (".trae/rules/a.md", ""), (".augment/rules/a.md", "")),
        *(("CONVENTIONS.md", ""), ("docs/CLAUDE.md", "docs"), ("GEMINI.md", ""), (".gemini/GEMINI.md", "")),
    ],
)
def test_rules_of_every_tool_are_known_with_what_they_govern(path: str, directory: str) -> None:
    assert has_agent_rules(path)
    assert governed_directory(path) == directory


@pytest.mark.parametrize(
    "path",
    [
        *("docs/agents.md", "docs/ref/agent.md", "website/gemini.md", "docs/CONVENTIONS.md", "README.md"),
        *(".clinerules/workflows/a.md", ".cursor/rules/a.png", ".kiro/specs/a.md", ".github/a.md", "rules/a.md"),
    ],
)
def test_other_files_have_no_rules(path: str) -> None:
    assert not has_agent_rules(path)
