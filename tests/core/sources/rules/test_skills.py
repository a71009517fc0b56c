"""Skills and commands as procedures."""

from __future__ import annotations

import pytest

from memcli.core.sources.passages import SourceFile
from memcli.core.sources.rules.skills import READER, skill_reading
from memcli.core.sources.source_tree import SourceTree

BODY = "# Release\n\n1. Run `make release` in `tools/release.py`\n2. Push the tag to origin\n"
BODY += "words of the steps " * 8
PATH = ".claude/skills/release/SKILL.md"


def skill(front: str = "name: release\ndescription: Cut a release of the library.", body: str = BODY) -> str:
    return f"---\n{front}\n---\n\n{body}\n"


def test_a_skill_is_a_procedure_that_names_the_files_beside_it() -> None:
    known = frozenset((PATH, ".claude/skills/release/scripts/tag.sh", "tools/release.py"))
    reading = skill_reading(SourceFile(PATH, skill(), None), known)
    [memory] = [extract.memory for extract in reading.extracts]
    assert (memory.title, memory.type, memory.kind) == (
        "Release: Cut a release of the library",
        "procedure",
        "procedural",
    )
    assert memory.body.startswith("release: Cut a release of the library.\n\n# Release\n")
    assert memory.body.endswith("Files beside it: scripts/tag.sh\n")
    assert [str(anchor) for anchor in memory.paths] == ["tools/release.py"]
    assert reading.notices == ()


@pytest.mark.parametrize(
    "front, expected",
    [
        ("description: x", "a skill needs a name and a description"),
        ("name: Release\ndescription: x", "a skill's name has lower-case words"),
        ("name: other\ndescription: x", "a skill's name has lower-case words"),
        (f"name: release\ndescription: {'x' * 1025}", "a skill's description has at most 1024"),
        ("name: [broken", "a skill needs a name and a description"),
    ],
)
def test_a_skill_that_breaks_the_rules_is_read_with_a_notice(front: str, expected: str) -> None:
    reading = skill_reading(SourceFile(PATH, skill(front), None), frozenset())
    assert len(reading.extracts) == 1
    assert reading.notices[0].reason.startswith(expected)


@pytest.mark.parametrize(
    "path, text, expected",
    [
        (".claude/agents/reviewer.md", skill(), "defines an agent"),
        (".claude/commands/opsx/apply.md", skill(), "installed by opsx"),
        (".claude/skills/openspec-apply/SKILL.md", skill(), "installed by openspec"),
        (PATH, skill("name: release\ngeneratedBy: '1.0'\nauthor: acme"), "installed by acme"),
        (".claude/commands/think.md", "Think about $ARGUMENTS as long as you can, " * 6, "a prompt without steps"),
        (PATH, skill(body="short"), "next to no words"),
        (PATH, "", "next to no words"),
    ],
)
def test_what_is_no_procedure_of_the_project_has_a_reason(path: str, text: str, expected: str) -> None:
    [skipped] = skill_reading(SourceFile(path, text, None), frozenset()).skipped
    assert skipped.reason.startswith(expected)


def test_a_long_skill_is_several_memories() -> None:
    text = skill(body="# Release\n\nRun `make release`.\n\n" + "A step of the release that is long.\n\n" * 3000)
    reading = skill_reading(SourceFile(PATH, text, None), frozenset())
    assert [extract.memory.title[-8:] for extract in reading.extracts[1:]] == ["(part 2)"]


@pytest.mark.parametrize(
    "path, is_read",
    [
        *((path, True) for path in (PATH, "skills/a/SKILL.md", ".agents/skills/group/a/SKILL.md")),
        *((path, True) for path in (".claude/commands/release.md", ".github/prompts/release.prompt.md")),
        *((path, True) for path in (".clinerules/workflows/release.md", ".claude/agents/reviewer.md")),
        *((path, False) for path in ("SKILL.md", "node_modules/x/skills/a/SKILL.md", "docs/commands/a.md")),
    ],
)
def test_which_files_are_skills_and_commands(path: str, is_read: bool) -> None:
    tree = SourceTree({path: ""}, lambda _: skill().encode())
    assert [unit.root for unit in READER.units(tree, ())] == [path] * is_read


def test_skills_that_were_installed_from_elsewhere_are_not_read() -> None:
    lock = '{\n  "version": 1,\n  "skills": {\n    "release": {\n      "source": "acme/skills"\n    }\n  }\n}\n'
    texts = {PATH: skill(), "skills-lock.json": lock, ".claude/skills/ours/SKILL.md": skill("name: ours")}
    tree = SourceTree(dict.fromkeys(texts, ""), lambda path: texts[path].encode())
    readings = [READER.read(tree, unit) for unit in READER.units(tree, ())]
    assert [extract.path for reading in readings for extract in reading.extracts] == [".claude/skills/ours/SKILL.md"]
    assert [skip.path for reading in readings for skip in reading.skipped] == ["skills-lock.json", PATH]


@pytest.mark.parametrize(
    "path, known, is_own",
    [
        ("plugins/notes/skills/release/SKILL.md", "plugins/notes/.claude-plugin/plugin.json", False),
        ("skills/release/SKILL.md", ".claude-plugin/marketplace.json", False),
        (PATH, ".claude-plugin/marketplace.json", True),
        ("skills/release/SKILL.md", "plugins/notes/.claude-plugin/plugin.json", True),
    ],
)
def test_skills_of_a_plugin_that_the_repository_makes_are_left(path: str, known: str, is_own: bool) -> None:
    reading = skill_reading(SourceFile(path, skill(), None), frozenset((path, known)))
    assert (len(reading.extracts) == 1) is is_own
    assert is_own or reading.skipped[0].reason == "part of a plugin that the repository makes"


def test_a_skill_of_an_example_is_left() -> None:
    path = "examples/agent/skills/release/SKILL.md"
    reading = skill_reading(SourceFile(path, skill(), None), frozenset((path,)))
    assert [skip.reason for skip in reading.skipped] == ["part of an example"]


@pytest.mark.parametrize(
    "path, is_own", [("skills/release/SKILL.md", False), (".agents/skills/release/SKILL.md", True)]
)
def test_skills_that_a_package_ships_to_its_users_are_left(path: str, is_own: bool) -> None:
    reading = skill_reading(SourceFile(path, skill(), None), frozenset((path, "package.json")))
    assert (len(reading.extracts) == 1) is is_own
    assert is_own or reading.skipped[0].reason == "made for the users of the product"


def test_a_skill_that_names_nothing_of_the_project_is_general_advice() -> None:
    body = "# Find bugs\n\nRead `git diff main` and look for mistakes in every changed line of it, one by one."
    reading = skill_reading(SourceFile(PATH, skill(body=body), None), frozenset((PATH,)))
    assert [skip.reason for skip in reading.skipped] == ["general advice, true in any repository"]
