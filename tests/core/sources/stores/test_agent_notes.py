"""Agents' notes as memories."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from memcli.core.memory.memory import Memory
from memcli.core.sources.passages import SourceFile
from tests.core.sources.extracted import extract_memories

DAY = datetime(2026, 5, 1, tzinfo=UTC)
DIRECTORY = ".claude/memory"


def note(name: str, text: str) -> SourceFile:
    return SourceFile(f"{DIRECTORY}/{name}", text, DAY)


def read(*files: SourceFile) -> dict[str, Memory]:
    return {(memory.source.ref or "").removeprefix(f"{DIRECTORY}/"): memory for memory in extract_memories(files)}


FOG = note(
    "project_fog-plan.md",
    "---\nname: project-fog-plan\ndescription: Distance fog with FogExp2\n"
    "metadata:\n  type: project\n---\n\nSee [[hud layer]] and [[unknown]].\n",
)
HUD = note(
    "hud_layer.md",
    "---\nname: hud-layer\ndescription: Clock top right\ntype: reference\n---\nUses [[project_fog-plan|the fog]].\n",
)
INDEX = note(
    "MEMORY.md",
    "# Memory\n\n## Graphics\n- [Fog](project_fog-plan.md) — default "
    "800, off in the map viewer\n- [HUD](hud_layer.md)\n",
)


def test_a_note_is_a_memory_with_what_its_index_line_says() -> None:
    memories = read(INDEX, FOG, HUD)
    assert set(memories) == {"project_fog-plan.md", "hud_layer.md"}
    fog = memories["project_fog-plan.md"]
    assert (fog.title, fog.type, fog.topic, fog.evidence) == ("Fog", "fact", "graphics", "inference")
    assert fog.body.startswith("Distance fog with FogExp2\n\ndefault 800, off in the map viewer\n\nSee ")


def test_links_between_notes_become_ids_and_others_stay() -> None:
    memories = read(INDEX, FOG, HUD)
    fog, hud = memories["project_fog-plan.md"], memories["hud_layer.md"]
    assert f"[[{hud.id}|hud layer]] and [[unknown]]" in fog.body
    assert f"[[{fog.id}|the fog]]" in hud.body


def test_links_in_code_stay() -> None:
    text = note("a.md", "---\ntype: project\nname: a\n---\n`[[hud_layer]]`\n\n```\n[[hud_layer]]\n```\n")
    assert read(text, HUD)["a.md"].body.count("[[hud_layer]]") == 2


@pytest.mark.parametrize(
    "front, body, expected",
    [
        ("type: user", "Likes short answers.", "preference"),
        ("type: feedback", "Short commit subjects, please.", "preference"),
        ("type: feedback", "Never commit generated files.", "constraint"),
        ("metadata:\n  type: project", "Never mind.", "fact"),
        ("type: reference", "The board is at /x.", "fact"),
        ("type: procedure", "Run it twice.", "procedure"),
        ("type: attempt", "Did not work.", "attempt"),
        ("type: zebra", "Striped.", "fact"),
    ],
)
def test_types(front: str, body: str, expected: str) -> None:
    memory = read(note("n.md", f"---\nname: n\n{front}\n---\n{body}\n"))["n.md"]
    assert memory.type == expected
    kinds = {"procedure": "procedural", "attempt": "episodic"}
    assert memory.kind == kinds.get(expected, "semantic")


def test_dates_in_the_front_matter_take_precedence() -> None:
    memory = read(note("n.md", "---\nname: n\ntype: user\nmodified: 2026-06-02T10:00:00Z\n---\nWords.\n"))["n.md"]
    assert (memory.created, memory.modified) == (DAY, datetime(2026, 6, 2, 10, tzinfo=UTC))
    [undated] = extract_memories(
        [SourceFile(f"{DIRECTORY}/n.md", "---\ntype: user\nmodified: 2026-06-02\n---\nWords.\n", None)]
    )
    assert undated.created == undated.modified == datetime(2026, 6, 2, tzinfo=UTC)


@pytest.mark.parametrize(
    "text",
    [
        "---\nname: &a x\nname: y\n---\nBody stays.\n",
        "---\nname: [never\n---\nBody stays.\n",
        "---\nno key at all\n---\nBody stays.\n",
        "---\nname: unclosed\n\nBody stays.\n",
        "Body stays.\n",
    ],
)
def test_nothing_is_lost_to_odd_front_matter(text: str) -> None:
    [memory] = read(note("odd_one.md", text)).values()
    assert "Body stays." in memory.body
    assert memory.title


def test_a_large_note_becomes_parts() -> None:
    text = "\n\n".join(f"Paragraph {n} " + "word " * 200 for n in range(90))
    memories = extract_memories([note("big.md", text)])
    assert len(memories) == 2
    assert [memory.title for memory in memories] == ["Big", "Big (part 2)"]
    assert all(f"Paragraph {n} " in memories[0].body + memories[1].body for n in range(90))


def test_index_lines_about_missing_notes_are_memories() -> None:
    index = note(
        "MEMORY.md",
        "# Memory index\n\nAn index of the notes.\n\n- [Gone](gone.md) — the "
        "cache lives in redis now\n- [Empty](empty.md)\n",
    )
    [memory] = extract_memories([index])
    assert (memory.title, memory.body) == ("Gone", "the cache lives in redis now\n")
    assert memory.source.ref == f"{DIRECTORY}/MEMORY.md#L5"


def test_prose_in_the_index_is_a_memory_per_section() -> None:
    text = (
        "# Project\n\n## Build\n- run `make all` first\n- then wait for "
        "it\n\n## Notes\n- [Fog](project_fog-plan.md) — x\n\n### Empty\n"
    )
    memories = read(note("MEMORY.md", text), FOG)
    assert set(memories) == {"project_fog-plan.md", "MEMORY.md#L3"}
    assert memories["MEMORY.md#L3"].body == "- run `make all` first\n- then wait for it\n"


def test_table_rows_and_code_names_are_index_lines() -> None:
    text = (
        "| file | what |\n|---|---|\n| [Fog](project_fog-plan.md) | mist "
        "over everything |\n\n- `hud_layer.md`: clock and radar\n"
    )
    memories = read(note("MEMORY.md", text), FOG, HUD)
    assert "mist over everything" in memories["project_fog-plan.md"].body
    assert "clock and radar" in memories["hud_layer.md"].body


def test_a_source_directory_called_memory_has_no_notes() -> None:
    text = (
        "# Allocator\n\nThe allocator keeps one free list for each size class and never returns pages to the kernel.\n"
    )
    assert extract_memories([SourceFile("src/memory/notes.md", text, DAY)]) == []
    [page] = extract_memories([SourceFile("docs/memory/allocator.md", text, DAY)])
    assert page.evidence == "document"


def test_daily_notes_beside_a_root_index_are_events() -> None:
    memories = extract_memories(
        [
            SourceFile("MEMORY.md", "## Who\n\nThe user is called Ada.\n", DAY),
            SourceFile("memory/2026-02-01.md", "Shipped it.\n", DAY),
        ]
    )
    [day] = [memory for memory in memories if memory.source.ref == "memory/2026-02-01.md"]
    assert (day.kind, day.type, day.created) == ("episodic", "event", datetime(2026, 2, 1, tzinfo=UTC))
    assert len(memories) == 2


def test_a_shared_first_word_is_a_topic() -> None:
    files = [note(f"vehicle-{name}.md", f"About {name}.") for name in ("glass", "lod", "physics")] + [
        note("fog.md", "Mist.")
    ]
    assert [memory.topic for memory in extract_memories(files)] == ["general", "vehicle", "vehicle", "vehicle"]
