"""Generated stores: memories with every key of the schema, links, questions, unknown keys and hostile text."""

from __future__ import annotations

from datetime import UTC, datetime
from functools import cache

from hypothesis import strategies as st

from memcli.core.exchange.exported_memory import ExportedMemory
from memcli.core.memory.document import Document, Value, new_document, parse_document
from memcli.core.memory.identity import ulid
from memcli.core.memory.key_types import EVIDENCE, KINDS, STATUSES, TYPES
from memcli.core.memory.memory import Memory
from memcli.core.memory.schema import read_memory

WORDS = st.sampled_from(
    ["retry", "queue", "läuft", "权限", "🚀", "a: b", "# x", "- y", "'", '"', "[z]", "{}", "yes", "null", "1.10", "&a",
     "---", "<!-- mem:end -->", "CON", "..", "|", ">", "%", "@", "\\", "`", "mem_x", "]]", "[[", ")", "(", "…"]
)  # fmt: skip
LINES = st.lists(WORDS, min_size=1, max_size=6).map(" ".join)
SLUGS = st.sampled_from(["general", "payments", "2024", "web-hooks", "a", "index", "log", "con-x"])
IDS = st.integers(0, 40).map(lambda number: str(ulid(datetime(2024, 1, 1, tzinfo=UTC), bytes([number] * 10))))
INSTANTS = st.integers(0, 4_000).map(lambda days: f"{datetime.fromordinal(730_000 + days):%Y-%m-%d}T09:30:00Z")
LABELS = st.sampled_from(["", "|", "|ledger", "|a [b] c", "|a\\b", "|(x)"])
LINKS = st.tuples(IDS, st.sampled_from([26, 8]), LABELS).map(lambda link: f"[[{link[0][-link[1] :]}{link[2]}]]")
FAKE_LINKS = IDS.map(lambda memory_id: f'[x](/semantic/general/a.md "mem:{memory_id}")')
LEGIBLE = st.text(st.characters(exclude_categories=["Cs", "Cc", "Cf", "Co", "Cn"]), max_size=12)
PIECES = st.one_of(LINES, LINES, LINKS, FAKE_LINKS, st.just("```"), st.just(""), LEGIBLE)
BODIES = st.lists(PIECES, min_size=1, max_size=8)
SCALARS = st.one_of(LINES, st.sampled_from(["", "true", "~", "0x1f", "2024-01-01"]))
UNKNOWN: st.SearchStrategy[Value] = st.recursive(
    SCALARS,
    lambda inner: st.one_of(
        st.lists(inner, max_size=3).map(tuple),
        st.dictionaries(st.sampled_from(["a", "b c", "é", "7"]), inner, max_size=3),
    ),
    max_leaves=5,
)
UNKNOWN_KEYS = st.sampled_from(
    ["reviewers", "mem_status", "mem_mem_status", "description", "generated", "resource", "timestamp", "okf_version",
     "body", "file", "front", "stale_after", "mem_body", "ticket id"]
)  # fmt: skip


@cache
def optional_keys() -> dict[str, st.SearchStrategy[Value]]:
    """The keys that a memory may lack, each with its values."""
    ids = st.lists(IDS, min_size=1, max_size=3, unique=True).map(tuple)
    lines = st.lists(LINES, min_size=1, max_size=3).map(tuple)
    share = st.sampled_from(["0", "0.25", "0.5", "1"])
    return {
        "key": st.sampled_from(["a.b", "x/y_z-1", "7"]),
        "tags": st.lists(SLUGS, min_size=1, max_size=3, unique=True).map(tuple),
        "paths": st.just(("src/a.py", "docs/**", "x y.py@3f2a9c1d")),
        "retired": st.fixed_dictionaries({"at": INSTANTS, "by": LINES, "reason": LINES}),
        "valid_from": INSTANTS,
        "expires": INSTANTS,
        "verified": st.fixed_dictionaries({"at": INSTANTS}, optional={"commit": st.just("9d24d0c4")}),
        "holds_if": st.just(("src/app.py contains RETRIES = 7", "docs/adr exists")),
        "based_on": ids,
        "supersedes": ids,
        "superseded_by": IDS,
        "merged_from": ids,
        "sources": lines,
        "pin": st.sampled_from(["true", "false"]),
        "read_only": st.just("true"),
        "confidence": share,
        "importance": share,
        "evidence": st.sampled_from(EVIDENCE),
        "source": st.dictionaries(st.sampled_from(["session", "agent", "commit", "ref", "other"]), LINES, min_size=1),
        "conflict": st.just("true"),
        "title_other": LINES,
        "conflict_other": st.dictionaries(st.sampled_from(["topic", "status", "retired"]), LINES, min_size=1),
        "conflict_sides": st.fixed_dictionaries({"ours": LINES, "theirs": LINES}),
        "attention": lines,
        "resolved": lines,
    }


@st.composite
def documents(draw: st.DrawFn, memory_id: str) -> Document:
    """The file of a memory with this id."""
    front: dict[str, Value] = {
        "id": memory_id,
        "title": draw(LINES)[:120],
        "kind": draw(st.sampled_from(KINDS)),
        "type": draw(st.sampled_from([*TYPES, "glossary"])),
        "topic": draw(SLUGS),
        "status": draw(st.sampled_from(STATUSES)),
        "created": draw(INSTANTS),
        "modified": draw(INSTANTS),
    }
    optional = optional_keys()
    for key in draw(st.lists(st.sampled_from(sorted(optional)), max_size=8, unique=True)):
        front[key] = draw(optional[key])
    front |= draw(st.dictionaries(UNKNOWN_KEYS, UNKNOWN, max_size=2))
    body = "\n\n".join(draw(BODIES)) + "\n"
    return parse_document(new_document(front, body).text())


@st.composite
def stores(draw: st.DrawFn) -> list[ExportedMemory]:
    """Some memories with ids of their own."""
    ids = draw(st.lists(IDS, min_size=1, max_size=4, unique=True))
    return [exported(draw(documents(memory_id)), number) for number, memory_id in enumerate(ids)]


def exported(document: Document, number: int = 0) -> ExportedMemory:
    """A document as an export has it."""
    memory, findings = read_memory(document)
    assert memory is not None, findings
    name = ("index", "log", "retries", "CON")[number % 4]
    return ExportedMemory(memory, document, f"{memory.kind}/{memory.topic}/{name}.md")


def content(document: Document) -> tuple[Memory | None, dict[str, Value]]:
    """What a file says: the typed memory, and the values of the keys that have no type."""
    memory, _ = read_memory(document)
    typed = {"status", *vars(memory or object())} if memory else set[str]()
    return memory, {key: value for key, value in document.front().items() if key not in typed and value is not None}
