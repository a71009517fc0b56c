"""CODEOWNERS as memories."""

from __future__ import annotations

from memcli.core.memory.memory import Memory
from memcli.core.sources.code.code_owners import FEW
from memcli.core.sources.passages import SourceFile
from memcli.core.sources.source_reading import read_sources
from memcli.core.sources.source_tree import SourceTree
from tests.core.sources.extracted import extract_memories

OWNERS = """# Owners
*            @org/all
/src/db/     @org/data @ann   # why
/docs/       writer@example.org
*.sql        @org/data @ann
/gone/       @org/gone
[Build][2] @org/build
Makefile
"""


def read(text: str, path: str = ".github/CODEOWNERS") -> list[Memory]:
    known = ["src/db/pool.py", "docs/a.txt", "Makefile"]
    return extract_memories([SourceFile(path, text, None)], known_paths=known, options=["code"])


def test_a_short_file_is_one_memory() -> None:
    [memory] = read(OWNERS)
    assert memory.title == "Code owners: src/db by @org/data, docs by writer@example.org, *.sql by @org/data and 1 more"
    assert [str(anchor) for anchor in memory.paths] == ["src/db", "docs", "**/*.sql", "Makefile"]
    assert (memory.type, memory.source.ref) == ("stability", ".github/CODEOWNERS#L3")
    assert "    *.sql        @org/data @ann" in memory.body


def test_each_set_of_owners_of_a_long_file_is_a_memory_of_their_paths() -> None:
    memories = read(OWNERS + "".join(f"*.{number} @org/others\n" for number in range(FEW)))[:3]
    assert {memory.title: [str(anchor) for anchor in memory.paths] for memory in memories} == {
        "src/db, *.sql: owned by @org/data and @ann": ["src/db", "**/*.sql"],
        "docs: owned by writer@example.org": ["docs"],
        "Makefile: owned by @org/build": ["Makefile"],
    }
    assert {memory.type for memory in memories} == {"stability"}
    assert memories[0].source.ref == ".github/CODEOWNERS#L3"
    assert "    /src/db/     @org/data @ann   # why" in memories[0].body


def test_owners_of_everything_are_left_out_with_the_reason() -> None:
    tree = SourceTree({"CODEOWNERS": ""}, lambda _: b"* @org/all\n")
    [reading] = read_sources(tree, ["code"])
    assert not reading.reading.extracts
    assert [skipped.reason for skipped in reading.reading.skipped] == ["it owns everything, which says little"]


def test_a_file_elsewhere_names_no_owners() -> None:
    assert read(OWNERS, "src/CODEOWNERS") == []
