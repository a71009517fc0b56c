"""Imports of files of rules."""

from __future__ import annotations

import pytest

from memcli.core.sources.passages import SourceFile
from memcli.core.sources.rules.rule_imports import rule_imports
from tests.core.sources.extracted import extract_memories

RULE = "- Never commit generated files of the build\n"


def imported(files: dict[str, str], root: str = "CLAUDE.md") -> tuple[tuple[str, ...], list[str]]:
    imports = rule_imports(root, lambda path: files.get(path, ""), files)
    return imports.files, [skipped.reason for skipped in imports.refused]


@pytest.mark.parametrize(
    "text, expected",
    [
        ("@docs/a.md", ("docs/a.md",)),
        ("See @./docs/a.md, and more.", ("docs/a.md",)),
        ("`@docs/a.md` is code", ()),
        ("```\n@docs/a.md\n```", ()),
        ("mail me@docs/a.md", ()),
        ("@docs/with\\ space.md", ("docs/with space.md",)),
        ("@README.md", ()),
        ("@package.json", ()),
    ],
)
def test_imports_are_paths_of_texts_outside_code(text: str, expected: tuple[str, ...]) -> None:
    files = {"CLAUDE.md": text, "docs/a.md": "", "docs/with space.md": "", "README.md": "", "package.json": ""}
    assert imported(files)[0] == expected


@pytest.mark.parametrize("target", ["/etc/rules.md", "~/.claude/mine.md", "../other/rules.md"])
def test_nothing_outside_of_the_repository_is_imported(target: str) -> None:
    assert imported({"CLAUDE.md": f"@{target}\n"}) == ((), [f"@{target}: outside of the repository"])


def test_a_missing_import_is_told() -> None:
    assert imported({"CLAUDE.md": "@docs/none.md"}) == ((), ["@docs/none.md: no such file"])


def test_imports_are_nested_up_to_five_levels() -> None:
    files = {"CLAUDE.md": "@1.md"} | {f"{level}.md": f"@{level + 1}.md" for level in range(1, 8)}
    assert imported(files) == (("1.md", "2.md", "3.md", "4.md", "5.md"), ["@6.md: deeper than 5 imports"])


def test_imports_in_a_circle_end() -> None:
    assert imported({"CLAUDE.md": "@a.md", "a.md": "@b.md", "b.md": "@a.md @CLAUDE.md"}) == (("a.md", "b.md"), [])


def test_cursor_rules_and_the_files_of_kiro() -> None:
    files = {".cursor/rules/a.mdc": "@docs/a.md", ".kiro/steering/a.md": "#[[file:docs/a.md]]", "docs/a.md": ""}
    assert imported(files, ".cursor/rules/a.mdc")[0] == ()
    assert imported(files, ".kiro/steering/a.md")[0] == ("docs/a.md",)


def test_an_imported_file_is_read_as_rules_of_the_importing_one() -> None:
    files = [
        SourceFile("packages/api/CLAUDE.md", "@docs/builds.md\n", None),
        SourceFile("packages/api/docs/builds.md", f"# Builds\n\n## Generated files\n\n{RULE}", None),
    ]
    [memory] = extract_memories(files, options=())
    assert memory.source.ref == "packages/api/docs/builds.md#L3"
    assert [str(anchor) for anchor in memory.paths] == ["packages/api/**"]
    assert memory.type == "constraint"


def test_a_file_of_rules_that_is_imported_is_read_by_itself() -> None:
    files = [SourceFile("CLAUDE.md", "@AGENTS.md\n", None), SourceFile("AGENTS.md", f"## Build\n\n{RULE}", None)]
    assert [memory.source.ref for memory in extract_memories(files)] == ["AGENTS.md#L1"]
