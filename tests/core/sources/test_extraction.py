"""Extraction from real stores, in any order, and from hostile files."""

from __future__ import annotations

import random
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from memcli.core.memory.document import MAX_BYTES, new_document, parse_document
from memcli.core.memory.memory import Memory, front_matter
from memcli.core.memory.schema import read_memory
from memcli.core.sources.passages import CommitMessage, SourceFile
from tests.core.sources.extracted import extract_memories
from tests.needs import SHARED, needs_corpora

DAY = datetime(2024, 5, 1, tzinfo=UTC)


def store(name: str) -> list[SourceFile]:
    root = SHARED / "data" / "stores" / name
    paths = sorted(path.relative_to(root).as_posix() for path in root.rglob("*") if path.is_file())
    return [SourceFile(path, (root / path).read_text(), DAY) for path in paths if path.endswith((".md", ".mdc"))]


def below(memories: list[Memory], directory: str) -> list[Memory]:
    return [memory for memory in memories if (memory.source.ref or "").startswith(directory)]


@needs_corpora
def test_govuk_aws_has_one_memory_for_each_record() -> None:
    files = store("govuk-aws")
    records = below(extract_memories(files), "docs/architecture/decisions/")
    assert sorted(memory.source.ref or "" for memory in records) == sorted(
        f.path for f in files if "/decisions/" in f.path
    )
    assert len(records) == 38
    by_number = {(memory.source.ref or "").split("/")[-1][:4]: memory for memory in records}
    assert [memory.title for memory in records if memory.status != "active"] == [
        "DNS definitions for hosts and services"
    ]
    assert by_number["0004"].superseded_by == by_number["0015"].id
    assert by_number["0015"].supersedes == (by_number["0004"].id,)
    assert [number for number, memory in by_number.items() if "partly-superseded" in memory.tags] == ["0003"]
    assert sum("proposed" in memory.tags for memory in records) == 7


@needs_corpora
@pytest.mark.parametrize("name, topics, prose", [("opensa", 33, 0), ("bga-assistant", 19, 10)])
def test_every_note_of_a_real_store_is_one_memory(name: str, topics: int, prose: int) -> None:
    files = store(name)
    notes = below(extract_memories(files), ".claude/memory/")
    refs = [memory.source.ref or "" for memory in notes]
    named = [
        file.path for file in files if file.path.startswith(".claude/memory/") and not file.path.endswith("MEMORY.md")
    ]
    assert sorted(ref for ref in refs if "MEMORY.md" not in ref) == sorted(named)
    assert (len(named), sum("MEMORY.md" in ref for ref in refs)) == (topics, prose)
    assert not any(memory.title.islower() and "-" in memory.title for memory in notes)


@needs_corpora
@pytest.mark.parametrize("name, least", [("opensa", 33), ("bga-assistant", 29), ("govuk-aws", 38)])
def test_real_stores_give_the_same_valid_memories_in_any_order(name: str, least: int) -> None:
    files = store(name)
    memories = extract_memories(files)
    assert len(memories) >= least
    assert extract_memories(random.Random(1).sample(files, len(files))) == memories
    assert len({memory.id for memory in memories}) == len(memories)
    for memory in memories:
        text = new_document(front_matter(memory), memory.body).text()
        assert len(text.encode()) <= MAX_BYTES
        assert read_memory(parse_document(text)) == (memory, [])


HOSTILE = [
    "\0\1\2PNG",
    "\udcff\udc80 not utf-8",
    "# " + "x" * 100_000,
    "#" * 50_000,
    "# a\n" * 1_500,
    "> " * 5_000 + "# deep",
    "- " * 2_000 + "x",
    "[" * 20_000,
    "[[" * 20_000,
    "![" * 20_000,
    "<!--" * 20_000,
    "](" * 20_000,
    "`" * 20_001,
    "```\n" * 5_001,
    "~~" * 20_000,
    "\\" * 20_000,
    "* " * 20_000,
    "_" * 20_000,
    "| " * 20_000 + "\n" + "|-" * 20_000,
    "   \n" * 8_000 + "x",
    "\n" * 20_000 + "x",
    "---\n" + "a:\n " * 3_000 + "b\n---\nbody",
    "---\na: &a [x]\nb: &b [*a,*a,*a,*a]\nc: [*b,*b,*b,*b]\n---\nwords " * 3,
    "---\n" + "[" * 5_000 + "\n---\nbody words",
    "---\nstatus: " + "superseded by " * 3_000 + "\n---\n# x\n\n## Status\n\n" + "superseded by 1 " * 3_000,
    "## Status\n" * 1_000,
    "Status: " * 8_000,
    "- [x](y.md) " * 5_000,
    "\u202e\x1b[31m# evil\x07\n\nwords " * 20,
    "2020-01-01T" * 5_000,
    "a: " * 5_000,
    "switch to " * 5_000,
    "replace a b with " * 3_000,
    "[x] #1 fix(a)!: " * 3_000,
]
PATHS = [
    *("docs/adr/0001-x.md", ".claude/memory/x.md", ".claude/memory/MEMORY.md", "CLAUDE.md", "README.md", "GEMINI.md"),
    *("memory-bank/techContext.md", "memory-bank/progress.md", "system/human.md", "reference/x.md", "agent.af"),
    *(".codex/memories/MEMORY.md", ".codex/memories/memory_summary.md", ".codex/memories/rollout_summaries/x.md"),
    *("kb/note.md", ".agent_memory/packets/x.md", ".beads/issues.jsonl", "vault/.obsidian/app.json", "vault/x.md"),
    *("vault/journal/2024-05-01.md", "vault/x.org", "vault/x.rst", "vault/x.adoc", "vault/x.txt"),
]


@pytest.mark.parametrize("text", HOSTILE, ids=lambda text: repr(text[:12]))
def test_hostile_text_gives_valid_memories_or_none(text: str) -> None:
    memories = extract_memories(
        [SourceFile(path, text, DAY) for path in PATHS], [CommitMessage("a", DAY, text, text, (text,))]
    )
    for memory in memories:
        assert 0 < len(memory.title) <= 120
        assert memory.title.isprintable()
        assert len(memory.body.encode()) <= 61 * 1024


LINES = st.sampled_from(
    [
        *(
            "---",
            "# T",
            "## Status",
            "Superseded by [2](0002-x.md)",
            "Accepted",
            "supersedes ADR 1",
            "name: x",
            "type: user",
        ),
        *("metadata:", "  type: project", "- [x](x.md) — hook of it", "", "```", "| a | b |", "[[x]]", "&a *a !!b"),
        *("Date: 2020-02-30", "===", "\t", "<p>", "1. step", "> quote", "\x0c", "never do that"),
        *("permalink: main/x", "description: what it is about", "- [decision] Use it #x", "- relates_to [[X]]"),
        *("## Gemini Added Memories", "# Task Group: x", "applies_to: cwd=/x", "### keywords", "[To be determined]"),
        *("read_only: true", "## Next Steps", "updated_at: 2026-05-02", "rollout_summary_files:", "<!--", "-->"),
        "words and more words of prose, twelve of them or so, maybe more than that",
    ]
)
TEXTS = st.lists(LINES, max_size=30).map("\n".join)
FILES = st.builds(
    SourceFile, st.sampled_from([*PATHS, "docs/adr/0002-x.md", "docs/a.md"]), TEXTS, st.just(DAY) | st.none()
)


@settings(max_examples=40)
@given(st.lists(FILES, max_size=6, unique_by=lambda file: file.path))
def test_any_files_give_distinct_memories_that_read_back(files: list[SourceFile]) -> None:
    memories = extract_memories(files)
    assert extract_memories(files[::-1]) == memories
    assert len({memory.id for memory in memories}) == len(memories)
    for memory in memories:
        assert read_memory(parse_document(new_document(front_matter(memory), memory.body).text())) == (memory, [])
    superseded = {memory.id: memory.superseded_by for memory in memories if memory.superseded_by}
    assert all(other in {memory.id for memory in memories} for other in superseded.values())
