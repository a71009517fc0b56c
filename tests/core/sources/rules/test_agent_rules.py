"""Rules for agents as memories."""

from __future__ import annotations

import pytest

from memcli.core.memory.memory import Memory
from memcli.core.sources.passages import SourceFile
from memcli.core.sources.rules.agent_rules import READER, rule_reading
from memcli.core.sources.source_reader import Reading, Skipped
from memcli.core.sources.source_tree import SourceTree
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


def reading(text: str, path: str) -> Reading:
    return rule_reading(SourceFile(path, text, None), frozenset((path,)))


SECTIONS = "# Payments\n\n## Retries\n\n- Never retry a refund by hand\n\n## Ledger\n\n- Always book twice\n"


def test_a_short_file_about_one_subject_is_one_memory() -> None:
    [extract] = reading(SECTIONS, ".cursor/rules/payments.mdc").extracts
    assert (extract.memory.title, extract.memory.topic) == ("Payments: Never retry a refund by hand", "payments")
    assert len(reading(SECTIONS, "AGENTS.md").extracts) == 2


def test_a_long_file_about_one_subject_is_cut_at_its_headings_unless_they_are_steps() -> None:
    rule = "- Never retry a refund by hand before the ledger is settled\n" * 30
    long = f"# Payments\n\n## Retries\n\n{rule}\n## Ledger\n\n{rule}"
    steps = long.replace("## Retries", "## Step 1: retries").replace("## Ledger", "## Step 2: ledger")
    assert len(reading(long, ".windsurf/rules/payments.md").extracts) == 2
    assert len(reading(steps, ".windsurf/rules/payments.md").extracts) == 1


@pytest.mark.parametrize(
    "path, text, reason",
    [
        ("AGENTS.md", "", "empty"),
        ("AGENTS.md", "---\ndescription: x\n---\n", "empty"),
        ("CLAUDE.md", "@AGENTS.md\n", "refers to other texts"),
        (".cursor/rules/a.mdc", "---\nglobs: *.ts\n---\nTODO\n", "next to no words"),
    ],
)
def test_a_file_without_rules_is_skipped_with_the_reason(path: str, text: str, reason: str) -> None:
    assert reading(text, path).skipped == (Skipped(path, reason),)


def test_a_broken_front_matter_is_read_as_text_with_a_notice() -> None:
    result = reading("---\n- [ : {\n---\n\n## Build\n\n- Never build on Fridays after five\n", ".claude/rules/a.md")
    assert len(result.extracts) == 1
    assert [notice.reason for notice in result.notices] == ["its front matter cannot be read; it was read as text"]


def test_a_file_in_latin_1_is_read() -> None:
    tree = SourceTree(
        {"AGENTS.md": ""}, lambda _: "## Größe\n\n- Niemals über 80 Zeichen schreiben\n".encode("latin-1")
    )
    [unit] = READER.units(tree, ())
    [extract] = READER.read(tree, unit).extracts
    assert extract.memory.title.startswith("Größe")


def test_the_readme_of_a_directory_of_rules_is_skipped() -> None:
    tree = SourceTree({".clinerules/README.md": ""}, lambda _: b"# Our rules\n\nAlways put one rule in one file\n")
    [unit] = READER.units(tree, ())
    assert [skip.reason for skip in READER.read(tree, unit).skipped] == ["describes a directory of rules"]


def test_every_part_of_a_file_is_a_memory_or_skipped_with_its_line() -> None:
    text = (
        "# Rules\n\nGizmo is a tool for gadgets.\n\n## Build\n\n- Never build on Fridays\n\n## Links\n\n- [a](b.md)\n"
    )
    result = reading(text, "AGENTS.md")
    lines = {extract.line for extract in result.extracts} | {skip.line for skip in result.skipped}
    assert lines == {3, 5, 9}
