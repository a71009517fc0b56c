"""Rules for agents as memories."""

from __future__ import annotations

import pytest

from memcli.core.memory.memory import Memory
from memcli.core.sources.passages import SourceFile
from tests.core.sources.extracted import extract_memories


def read(text: str, path: str = "CLAUDE.md", known: frozenset[str] = frozenset()) -> list[Memory]:
    return extract_memories([SourceFile(path, text, None)], known_paths=known)


def test_a_section_of_rules_is_one_memory() -> None:
    memories = read(
        "# CLAUDE.md\n\n## Tests\n\n- Never read from data/\n- Always inline a "
        "reproducer\n\n---\n\n## Style\n\n- Prefer small files\n- Avoid classes\n"
    )
    assert [(memory.title, memory.type, memory.source.ref) for memory in memories] == [
        ("Tests: Never read from data/", "constraint", "CLAUDE.md#L3"),
        ("Prefer small files", "preference", "CLAUDE.md#L10"),
    ]
    assert memories[0].body == "- Never read from data/\n- Always inline a reproducer\n"


@pytest.mark.parametrize(
    "heading, text, expected",
    [
        ("Commands", "- `npm test` — run all tests\n- `npm run lint` — types", "procedure"),
        ("Build", "```bash\nmake all\nmake install\n```\nThat is all there is.", "procedure"),
        ("Rules", "- Use strict types\n- Do not use any\n- Keep it short\n- Write tests", "constraint"),
        ("Conventions", "Use descriptive names and explicit types.", "preference"),
        (
            "Project structure",
            "- `src/a` — the parser, which must stay pure\n- `src/b` — the writer\n- `src/c` — glue\n- `src/d` — ui",
            "fact",
        ),
    ],
)
def test_types_follow_the_wording(heading: str, text: str, expected: str) -> None:
    [memory] = read(f"## {heading}\n\n{text}\n")
    assert memory.type == expected
    assert memory.kind == ("procedural" if expected == "procedure" else "semantic")


def test_rules_of_a_directory_are_anchored_to_it() -> None:
    text = "## Style\n\n- Prefer small files everywhere here\n"
    [memory] = read(text, "packages/api/AGENTS.md", frozenset(("packages/api/src/a.ts",)))
    assert (memory.title, memory.topic) == ("packages/api: Prefer small files everywhere here", "api")
    assert [str(anchor) for anchor in memory.paths] == ["packages/api/**"]
    assert read(text, "packages/api/AGENTS.md")[0].paths == ()  # nothing else is there


def test_cursor_rules_are_anchored_to_their_globs() -> None:
    text = (
        "---\ndescription: React components\nglobs: src/**/*.tsx, *.nothing\n"
        "alwaysApply: false\n---\n- Prefer functions over classes always\n"
    )
    [memory] = read(text, ".cursor/rules/react.mdc", frozenset(("src/ui/a.tsx",)))
    assert memory.title == "React components"
    assert memory.body.startswith("Applies to: src/**/*.tsx, *.nothing\n\n- Prefer")
    assert [str(anchor) for anchor in memory.paths] == ["src/**/*.tsx"]


def test_a_glob_means_what_it_means_in_an_anchor() -> None:
    text = "---\nglobs: src/*.py, src/[ab].ts, **/*.go\n---\n- Prefer functions over classes always\n"
    [memory] = read(text, ".cursor/rules/code.mdc", frozenset(("src/a/b.py", "src/a.ts", "main.go")))
    assert [str(anchor) for anchor in memory.paths] == ["src/[ab].ts", "**/*.go"]


def test_a_file_that_only_refers_elsewhere_has_no_memory() -> None:
    assert read("@AGENTS.md\n") == []
    assert (
        read(
            "# CLAUDE.md\n\nThis file provides guidance to Claude "
            "Code (claude.ai/code) when working with code in this repository.\n"
        )
        == []
    )
