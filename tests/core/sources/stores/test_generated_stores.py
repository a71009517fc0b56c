"""Generated and real stores of other tools: every file is read, or listed with its reason."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from memcli.core.sources.source_reader import SourceReader
from memcli.core.sources.stores import agent_notes, basic_memory, codex_memories, letta_blocks, memory_bank
from tests.core.sources.stores.read_stores import read_store, told_paths
from tests.needs import SHARED, needs_corpora

WORDS = ("mailer", "queue", "Retry", "never", "must", "2026-03-04", "[todo]", "`app.py`", "[[x]]", "ninety", "days.")
LINE = st.one_of(
    st.lists(st.sampled_from(WORDS), max_size=8).map(" ".join),
    st.sampled_from(["", "# Title", "## Next Steps", "## Decisions", "- [tech] Redis", "- [ ] do", "```", "---"]),
)
BODY = st.lists(LINE, max_size=12).map("\n".join)
FRONT = st.sampled_from(["", "---\ndescription: What it is\nlimit: 10\n---\n", "---\ntype: project\nname: x\n---\n"])
TEXT = st.builds(str.__add__, FRONT, BODY)
NAME = st.sampled_from(
    [
        "a.md",
        "README.md",
        "plan.md",
        "MEMORY.md",
        "progress.md",
        "x/b.md",
        "archive/2026-01-02.md",
        "data.json",
        "c.txt",
    ]
)
BASIC = BODY.map(lambda body: f"---\ntitle: X\ntype: note\npermalink: main/x\n---\n{body}")
STORES: list[tuple[SourceReader, str, dict[str, str], st.SearchStrategy[str]]] = [
    (agent_notes.READER, ".claude/memory", {"one.md": "The mailer retries."}, TEXT),
    (memory_bank.READER, "memory-bank", {"a.md": "The mailer retries twice."}, TEXT),
    (letta_blocks.READER, "system", {"human.md": "---\ndescription: The person\n---\nLikes tea."}, TEXT),
    (codex_memories.READER, ".codex/memories", {"MEMORY.md": "# Task Group: x\n\n## Notes\n\nIt retries twice."}, TEXT),
    (basic_memory.READER, "kb", {"one.md": "---\ntype: note\npermalink: x/y\n---\nIt retries."}, BASIC),
]


@pytest.mark.parametrize("reader, root, always, text", STORES, ids=[store[1] for store in STORES])
@settings(max_examples=25, deadline=None)
@given(data=st.data())
def test_every_file_of_a_generated_store_is_read_or_has_a_reason(
    reader: SourceReader, root: str, always: dict[str, str], text: st.SearchStrategy[str], data: st.DataObject
) -> None:
    drawn = data.draw(st.dictionaries(NAME, text, min_size=1, max_size=6)) | always
    files = {f"{root}/{name}": content for name, content in drawn.items()}
    markdown = {path for path in files if path.endswith(".md")}
    reading = read_store(reader, files)
    assert reading.extracts or reading.skipped
    assert (markdown if root == "kb" else set(files)) <= told_paths(files)
    assert all(skipped.reason for skipped in reading.skipped)
    assert {extract.memory.evidence for extract in reading.extracts} <= {"inference"}


@needs_corpora
@pytest.mark.parametrize("name, count", [("opensa", 33), ("bga-assistant", 29)])
def test_every_file_of_a_real_store_is_read_or_has_a_reason(name: str, count: int) -> None:
    root = SHARED / "data" / "stores" / name
    files = {path.relative_to(root).as_posix(): path.read_text() for path in (root / ".claude").rglob("*.md")}
    reading = read_store(agent_notes.READER, files)
    assert len(reading.extracts) >= count
    assert told_paths(files) == set(files)
