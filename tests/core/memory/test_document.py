"""A file survives byte for byte, and an edit changes only the lines it must."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st

from memcli.core.memory.document import (
    MAX_BYTES,
    ORDER,
    Document,
    DocumentError,
    Value,
    decode,
    new_document,
    parse_document,
)
from tests.core.memory.test_front_matter import KEYS, blocks, noise
from tests.needs import SHARED, needs_corpora

FILE = """---
# a header
id: 01K9Z3V5C4M8Q2T7R6W1XABCDE
title:   The retry queue  # short
tags:
  - webhooks
  # the reason
  - "reliability"  # quoted
paths: [src/a.py, src/b.py] # both

# where it came from
source:
  session: one  # first
  agent: claude
  # code
  commit: 9d24d0c4
outcome: |
  kept as it is
    # text
confidence: 0.5

# the end
---
body
"""


def changed(before: str, after: str) -> tuple[list[str], list[str]]:
    """The lines that only the one and only the other has."""
    old, new = before.split("\n"), after.split("\n")
    return [line for line in old if line not in new], [line for line in new if line not in old]


def edit(**changes: Value) -> tuple[list[str], list[str]]:
    return changed(FILE, parse_document(FILE).with_values(changes).text())


def test_entries_keep_their_lines() -> None:
    document = parse_document(FILE)
    assert document.text() == FILE
    assert [entry.key for entry in document.entries] == [
        "id",
        "title",
        "tags",
        "paths",
        "source",
        "outcome",
        "confidence",
    ]
    assert document.entries[0].raw == "# a header\nid: 01K9Z3V5C4M8Q2T7R6W1XABCDE\n"
    assert document.entries[4].raw.startswith("# where it came from\nsource:\n")
    assert document.entries[5].value == "kept as it is\n  # text\n"
    assert (document.tail, document.body, document.bare) == ("# the end\n", "body\n", False)
    assert (document.line_of("source"), document.line_of("nothing")) == (12, 0)
    assert (document.get("confidence"), document.get("nothing")) == ("0.5", None)


@pytest.mark.parametrize(
    ("text", "front", "body"),
    [
        ("", {}, ""),
        ("just a body\n---\n", {}, "just a body\n---\n"),
        ("---text\n", {}, "---text\n"),
        ("---\n---\n", {}, ""),
        ("---\n---", {}, ""),
        ("--- \t\na: 1\n---  \n\n---\nb", {"a": "1"}, "\n---\nb"),
        ("---\n# nothing\n\n---\nb", {}, "b"),
    ],
)
def test_where_front_matter_begins_and_ends(text: str, front: dict[str, Value], body: str) -> None:
    document = parse_document(text)
    assert (document.front(), document.body, document.text()) == (front, body, text)
    assert document.bare is (not text.startswith(("---\n", "--- ")))


def test_front_matter_that_never_ends_is_an_error_in_line_one() -> None:
    with pytest.raises(DocumentError, match=r"line 1: .*no later line"):
        parse_document("---\na: 1\n")


def test_errors_count_lines_of_the_file() -> None:
    with pytest.raises(DocumentError, match=r"line 4: duplicate key"):
        parse_document("---\na: 1\nb: 2\na: 3\n---\n")


@settings(max_examples=200)
@given(blocks() | noise(), st.text(max_size=20), st.sampled_from(["---\n", "--- \n"]), st.booleans())
def test_a_readable_text_survives(block: str, body: str, fence: str, fenced: bool) -> None:
    text = f"{fence}{block}{fence}{body}" if fenced else block + body
    try:
        document = parse_document(text)
    except DocumentError:
        return
    assert document.text() == text
    assert parse_document(document.text()) == document
    rows = text.split("\n")
    assert all(entry.key in rows[entry.line - 1] for entry in document.entries if entry.key.isalnum())


@settings(max_examples=200)
@given(st.binary(max_size=80) | st.binary(max_size=30).map(lambda data: b"---\n" + data + b"\n---\n"))
def test_any_bytes_give_a_document_or_a_document_error(data: bytes) -> None:
    try:
        text = decode(data)
        document = parse_document(text)
    except DocumentError as error:
        assert 1 <= error.line <= data.count(b"\n") + data.count(b"\r") + 1
    else:
        assert document.text() == text
        assert decode(text.encode()) == text


def test_decoding_normalises() -> None:
    assert decode(b"\xef\xbb\xbfa\r\nb\rc\n") == "a\nb\nc\n"
    assert decode("e\u0301".encode()) == "é"


@pytest.mark.parametrize(
    ("data", "line", "says"),
    [
        (b"a\r\nb\n\xff", 3, "UTF-8"),
        (b"\xef\xbb\xbfa\n\xc3", 2, "UTF-8"),
        (b"a\r\x00", 2, "NUL byte"),
        (b"a" * (MAX_BYTES + 1), 1, "65537 bytes"),
    ],
)
def test_what_is_no_text_is_refused_with_its_line(data: bytes, line: int, says: str) -> None:
    with pytest.raises(DocumentError, match=f"line {line}: .*{says}"):
        decode(data)


def test_the_largest_file_is_read() -> None:
    assert len(decode(b"a" * MAX_BYTES)) == MAX_BYTES


def test_a_scalar_keeps_its_place_spacing_and_comment() -> None:
    assert edit(title="It's: new") == (
        ["title:   The retry queue  # short"],
        ['title:   "It\'s: new"  # short'],
    )
    assert edit(confidence="0.7", outcome="two\nlines") == (
        ["outcome: |", "  kept as it is", "    # text", "confidence: 0.5"],
        ['outcome: "two\\nlines"', "confidence: 0.7"],
    )


def test_a_list_keeps_the_lines_of_its_items() -> None:
    assert edit(tags=("reliability", "new", "webhooks")) == ([], ["  - new"])
    assert edit(tags=("webhooks",)) == (["  # the reason", '  - "reliability"  # quoted'], [])
    assert edit(paths=("src/b.py", "a, b")) == (
        ["paths: [src/a.py, src/b.py] # both"],
        ['paths: [src/b.py, "a, b"] # both'],
    )
    assert edit(paths="src/b.py")[1] == ["paths: src/b.py # both"]


def test_a_mapping_keeps_the_lines_of_its_keys() -> None:
    assert edit(source={"session": "two", "agent": "claude", "ref": "x"}) == (
        ["  session: one  # first", "  commit: 9d24d0c4"],
        ["  session: two  # first", "  ref: x"],
    )


def test_removing_a_key_keeps_the_comments_above() -> None:
    assert edit(title=None, outcome=None, confidence=None) == (
        ["title:   The retry queue  # short", "outcome: |", "  kept as it is", "    # text", "confidence: 0.5"],
        [],
    )
    assert "paths: [src/a.py, src/b.py] # both\n\n# where it came from\noutcome" in (
        parse_document(FILE).with_values({"source": None}).text()
    )


def test_new_keys_stand_where_the_order_says() -> None:
    document = parse_document(FILE).with_values(
        {"kind": "semantic", "attention": "yes", "mine": "x", "status": "active"}
    )
    keys = [entry.key for entry in document.entries]
    assert keys == [
        "id",
        "title",
        "kind",
        "tags",
        "paths",
        "status",
        "source",
        "attention",
        "outcome",
        "confidence",
        "mine",
    ]
    assert list(parse_document("---\nzz: 1\ntitle: t\n---\n").with_values({"id": "1"}).front()) == ["zz", "id", "title"]


def test_nothing_changes_nothing() -> None:
    document = parse_document(FILE)
    assert document.with_values({"tags": ("webhooks", "reliability"), "nothing": None}) is document


def test_a_bare_file_gets_front_matter() -> None:
    document = parse_document("# Body\n").with_values({"title": "Body", "id": "1"})
    assert document.text() == "---\nid: 1\ntitle: Body\n---\n# Body\n"


def test_another_body() -> None:
    assert parse_document(FILE).with_body("new\n").text() == FILE.replace("\nbody\n", "\nnew\n")
    assert parse_document("---\na: 1\n---").with_body("b").text() == "---\na: 1\n---\nb"
    looks_like_front_matter = parse_document("x").with_body("---\na: 1\n---\n")
    assert parse_document(looks_like_front_matter.text()).body == "---\na: 1\n---\n"


def trees() -> st.SearchStrategy[Value]:
    leaves = st.text(max_size=12) | st.sampled_from(
        ["no", "1.10", "", "- a", "a: b", "a #b", "null", "#", "'", '"\\', "\n"]
    )
    return st.recursive(
        leaves,
        lambda inner: (
            st.lists(inner, max_size=3).map(tuple)
            | st.lists(inner | st.none(), max_size=3).map(tuple)
            | st.dictionaries(st.sampled_from(KEYS) | st.text(max_size=5), inner | st.none(), max_size=3)
        ),
        max_leaves=4,
    )


def fronts() -> st.SearchStrategy[dict[str, Value]]:
    return st.dictionaries(st.sampled_from([*KEYS, "status", "source"]) | st.text(max_size=8), trees(), max_size=4)


@settings(max_examples=200)
@given(fronts(), st.text(max_size=20))
@example({"a" * 100: "x", "é": "y", "a b": "z", "": ""}, "---\n")
@example({"A: ": "x", "B": {"A: ": "y", "A:": "z"}}, "---\n")
def test_what_is_composed_is_read_back(front: dict[str, Value], body: str) -> None:
    try:
        document = new_document(front, body)
    except DocumentError as error:
        assert "levels" in error.message
        return
    assert (document.front(), document.body) == (front, body)
    assert parse_document(document.text()) == document


def test_composing_follows_the_order_and_leaves_none_out() -> None:
    front: dict[str, Value] = {"zz": "1", "tags": ("b", "a"), "id": "x", "topic": None, "source": {"ref": "r"}}
    assert new_document(front, "body\n").text() == (
        "---\nid: x\ntags:\n  - b\n  - a\nsource:\n  ref: r\nzz: 1\n---\nbody\n"
    )
    assert len(set(ORDER)) == len(ORDER)


def test_too_deep_is_refused_when_written() -> None:
    deep: Value = "x"
    for _ in range(2000):
        deep = (deep,)
    with pytest.raises(DocumentError, match="6 levels"):
        new_document({"a": deep}, "")
    with pytest.raises(DocumentError, match="6 levels"):
        parse_document(FILE).with_values({"a": deep})


def changes() -> st.SearchStrategy[dict[str, Value]]:
    values = st.none() | st.text(max_size=8) | st.lists(st.sampled_from(["v", "two words", "a, b", "# no"])).map(tuple)
    return st.dictionaries(st.sampled_from([*KEYS, "status", "mine"]), values | trees(), max_size=3)


def own_lines(raw: str) -> str:
    """Without the blank lines and indented comments that open the file: they go to whatever key comes first."""
    lines = raw.split("\n")
    return "\n".join(lines[next(n for n, line in enumerate(lines) if line[:1].strip()) :])


@settings(max_examples=150)
@given(blocks(), changes())
@example("\n  # indented\ntitle: v\n", {"id": ""})
@example("id: |\n  x\ntitle: y\n  # indented\ntags: z\n", {"title": None})
@example("id: |+\n  x\n\n\ntitle: y\n\ntags: z\n", {"title": None, "status": "x"})
@example("tags:\n- |\n  # a\n- b\n", {"tags": ("b", "# a\n")})
@example("id:\n  a: 'x\n # y'\n  b: z\n", {"id": {"a": "x # y", "b": "w"}})
def test_an_edit_touches_only_what_it_must(block: str, wanted: dict[str, Value]) -> None:
    try:
        old = parse_document(f"---\n{block}---\nbody")
    except DocumentError:
        assume(False)
    try:
        new = old.with_values(wanted)
    except DocumentError as error:
        assert "levels" in error.message
        return
    expected = {
        key: value for key, value in {**old.front(), **wanted}.items() if key not in wanted or value is not None
    }
    assert (new.front(), new.body) == (expected, "body")
    assert parse_document(new.text()) == new
    raws = {entry.key: entry.raw for entry in new.entries}
    untouched = [
        entry for entry in old.entries if entry.key not in wanted or wanted[entry.key] == entry.value is not None
    ]
    assert all(raws[entry.key].endswith(own_lines(entry.raw)) for entry in untouched)
    assert "".join([*(entry.raw for entry in new.entries), new.tail]).endswith(old.tail)
    kept = [key for key in old.front() if key in new.front()]
    assert [key for key in new.front() if key in kept] == kept


def files() -> list[Path]:
    data = SHARED
    return sorted(data.glob("data/stores/**/*.md"))


@needs_corpora
def test_real_files_survive_reading_and_editing() -> None:
    for path in files():
        text = decode(path.read_bytes())
        document: Document = parse_document(text)
        edited = document.with_values({"status": "retired", "modified": "2026-11-20T09:30:00Z"})
        assert document.text() == text
        assert edited.with_values({"status": document.get("status"), "modified": document.get("modified")}).front() == (
            document.front()
        ), path
        assert document.body == edited.body
