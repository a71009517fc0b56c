"""Files cut into passages at their headings."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from memcli.core.sources.passage_text import MAX_BODY
from memcli.core.sources.sections import MAX_SECTION, outline, split_text, split_to_fit

LONG = "\n\n".join(f"Sentence number {n} has some words in it." for n in range(80))


def test_a_file_is_cut_at_its_second_heading_level() -> None:
    shape = outline("intro\n\n# Title\n\nlead\n\n## One\n\na\n\n### Inner\n\nb\n\n---\n\n## Two\nc\n")
    assert shape.title == "Title"
    assert [(part.title, part.line, part.text) for part in shape.parts] == [
        ("", 1, "intro\n\n\n\nlead"),
        ("One", 7, "a\n\n### Inner\n\nb"),
        ("Two", 17, "c"),
    ]


def test_several_top_headings_are_sections() -> None:
    shape = outline("# A\n\none\n\n# B\n\ntwo\n")
    assert shape.title == ""
    assert [part.title for part in shape.parts] == ["A", "B"]


def test_underlined_headings_and_line_numbers_after_front_matter() -> None:
    shape = outline("Title\n=====\n\nPart\n----\n\ntext\n", first_line=5)
    assert shape.title == "Title"
    assert [(part.title, part.line, part.text) for part in shape.parts] == [("Part", 8, "text")]


def test_a_long_section_is_cut_at_its_headings_then_between_paragraphs() -> None:
    shape = outline(f"# T\n\n## Big\n\nlead\n\n### Inner\n\n{LONG}\n\n{LONG}\n\n{LONG}\n")
    assert [part.title for part in shape.parts][:2] == ["Big", "Inner"]
    inner = [part for part in shape.parts if part.title == "Inner"]
    assert len(inner) > 1
    assert inner[0].trail == ("Big",)
    assert [part.numbered("x") for part in inner[:2]] == ["x", "x (part 2)"]
    assert all(len(part.text) <= MAX_SECTION for part in inner)


def test_a_fence_is_never_cut_in_two() -> None:
    fence = "```sh\n" + "echo one\n\n" * 50 + "```"
    pieces = [text for _, text in split_text(f"{LONG}\n\n{fence}\n\nend", 4000)]
    assert any(fence in piece for piece in pieces)


@given(st.text(alphabet="ab \n#`-~=>", max_size=400), st.integers(20, 200))
def test_pieces_keep_every_word_in_order(text: str, limit: int) -> None:
    words = "".join(c for c in text if c in "ab")
    assert "".join(c for _, piece in split_text(text, limit) for c in piece if c in "ab") == words


@given(st.text(alphabet="ab \n#-=`", max_size=300))
def test_parts_are_slices_of_the_file(text: str) -> None:
    shape = outline(text, limit=60)
    lines = text.split("\n")
    for part in shape.parts:
        assert 1 <= part.line <= len(lines)
        assert all(line in text for line in part.text.split("\n"))


def test_pieces_that_fit_are_measured_in_bytes() -> None:
    pieces = split_to_fit("é" * (MAX_BODY // 2 + 100))
    assert len(pieces) > 1
    assert all(len(text.encode()) <= MAX_BODY for text in pieces)
    assert split_to_fit("  \n \n") == []
