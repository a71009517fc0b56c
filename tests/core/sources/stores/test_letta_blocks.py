"""Letta's memory file system, one block per file."""

from __future__ import annotations

import pytest

from memcli.core.sources.stores.letta_blocks import READER
from tests.core.sources.stores.read_stores import by_ref, only, read_store

HUMAN = "---\ndescription: How the person likes to work\n---\n# Person\n\nAlways answer with a diff first.\n"
LIMITS = (
    "---\ndescription: Limits of the API. Read before calling it.\nlimit: 5000\n---\n# API limits\n\n"
    "- The API allows 20 calls a minute.\n- Retry after 90 seconds.\n"
)


@pytest.mark.parametrize("root", ["", "agents/agent-1/", ".letta/memory/"])
def test_blocks_are_memories_that_their_description_names(root: str) -> None:
    files = {f"{root}system/human.md": HUMAN, f"{root}reference/gotchas/api-limits.md": LIMITS}
    memories = by_ref(read_store(READER, files))
    human, limits = memories[f"{root}system/human.md"], memories[f"{root}reference/gotchas/api-limits.md"]
    assert (human.title, human.type, human.tags) == ("How the person likes to work", "constraint", ("system",))
    assert human.body == "# Person\n\nAlways answer with a diff first.\n"
    assert (limits.title, limits.topic, limits.tags) == ("Limits of the API", "gotchas", ())
    assert limits.body.startswith("Limits of the API. Read before calling it.\n\n# API limits\n\n- The API allows 20")
    assert {memory.evidence for memory in memories.values()} == {"inference"}


def test_a_block_for_the_person_alone_is_tagged_and_not_read_only() -> None:
    text = HUMAN.replace("---\n# Person", "read_only: true\n---\n# Person")
    memory = only(read_store(READER, {"system/human.md": text})).memory
    assert memory.tags == ("system", "read-only")
    assert not memory.read_only
    assert not memory.pin


def test_links_between_blocks_become_ids() -> None:
    index = "---\ndescription: Index of gotchas\n---\n- Limits: [[reference/limits.md]]\n- Other: [[missing]]\n"
    files = {"system/human.md": HUMAN, "system/gotchas.md": index, "reference/limits.md": LIMITS}
    memories = by_ref(read_store(READER, files))
    assert f"[[{memories['reference/limits.md'].id}|reference/limits.md]]" in memories["system/gotchas.md"].body
    assert "[[missing]]" in memories["system/gotchas.md"].body


def test_to_do_lists_are_diaries_and_other_files_have_a_reason() -> None:
    files = {
        ".letta/config.json": "{}",
        "system/todos.md": "---\ndescription: Active to-dos\n---\n- [ ] Ship the release\n",
        "system/empty.md": "---\nlimit: 10\n---\n",
        "system/photo.svg": "<svg/>",
        "skills/build/SKILL.md": "---\nname: build\n---\nRun make.\n",
        "docs/guide.md": "# Guide\n\nRead me.\n",
        "users/ada.md": "---\ndescription: Ada, who reviews the releases\n---\nPrefers mail.\n",
    }
    reading = read_store(READER, files)
    assert {extract.path: extract.diary for extract in reading.extracts} == {
        "system/todos.md": True,
        "users/ada.md": False,
    }
    assert {skipped.path: skipped.reason for skipped in reading.skipped} == {
        ".letta/config.json": "settings",
        "system/empty.md": "empty",
        "system/photo.svg": "not markdown",
    }


def test_a_large_block_is_read_by_section() -> None:
    sections = "".join(f"## Part {n}\n\nThe service {n} listens on port {n}.\n{'word ' * 400}\n\n" for n in range(4))
    files = {"system/persona.md": HUMAN, "reference/ports.md": f"---\ndescription: Ports\n---\n# P\n\n{sections}"}
    paths = [extract.path for extract in read_store(READER, files).extracts]
    assert paths == ["reference/ports.md"] * 4 + ["system/persona.md"]


def test_two_directories_of_blocks_are_a_store_without_settings() -> None:
    files = {"mem/system/style.md": LIMITS, "mem/reference/api.md": LIMITS}
    assert {extract.path for extract in read_store(READER, files).extracts} == set(files)
    page = LIMITS.replace("limit: 5000", "title: Limits\nsidebar_position: 2")
    assert not read_store(READER, {"docs/system/a.md": page, "docs/reference/b.md": page}).extracts


def test_a_documentation_called_system_is_not_a_store() -> None:
    files = {"docs/system/disks.md": LIMITS, "system/overview.md": LIMITS}
    assert not read_store(READER, files).extracts
