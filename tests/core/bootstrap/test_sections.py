from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from memcli.core.bootstrap.passage_text import MAX_BODY
from memcli.core.bootstrap.sections import MAX_SECTION, cut, outline, whole

LONG = "\n\n".join(f"Sentence number {n} has some words in it." for n in range(80))


def test_a_file_is_cut_at_its_second_level() -> None:
    found = outline("intro\n\n# Title\n\nlead\n\n## One\n\na\n\n### Inner\n\nb\n\n---\n\n## Two\nc\n")
    assert found.title == "Title"
    assert [(part.title, part.line, part.text) for part in found.parts] == [
        ("", 1, "intro\n\n\n\nlead"),
        ("One", 7, "a\n\n### Inner\n\nb"),
        ("Two", 17, "c"),
    ]


def test_several_first_headings_are_sections() -> None:
    found = outline("# A\n\none\n\n# B\n\ntwo\n")
    assert found.title == ""
    assert [part.title for part in found.parts] == ["A", "B"]


def test_underlined_headings_and_lines_of_a_file_with_front_matter() -> None:
    found = outline("Title\n=====\n\nPart\n----\n\ntext\n", first_line=5)
    assert found.title == "Title"
    assert [(part.title, part.line, part.text) for part in found.parts] == [("Part", 8, "text")]


def test_a_long_section_is_cut_at_its_headings_then_between_paragraphs() -> None:
    found = outline(f"# T\n\n## Big\n\nlead\n\n### Inner\n\n{LONG}\n\n{LONG}\n\n{LONG}\n")
    assert [part.title for part in found.parts][:2] == ["Big", "Inner"]
    inner = [part for part in found.parts if part.title == "Inner"]
    assert len(inner) > 1
    assert inner[0].trail == ("Big",)
    assert [part.numbered("x") for part in inner[:2]] == ["x", "x (part 2)"]
    assert all(len(part.text) <= MAX_SECTION for part in inner)


def test_a_fence_is_never_cut_in_two() -> None:
    fence = "```sh\n" + "echo one\n\n" * 50 + "```"
    pieces = [text for _, text in cut(f"{LONG}\n\n{fence}\n\nend", 4000)]
    assert any(fence in piece for piece in pieces)


@given(st.text(alphabet="ab \n#`-~=>", max_size=400), st.integers(20, 200))
def test_pieces_keep_every_word_in_order(text: str, limit: int) -> None:
    words = "".join(c for c in text if c in "ab")
    assert "".join(c for _, piece in cut(text, limit) for c in piece if c in "ab") == words


@given(st.text(alphabet="ab \n#-=`", max_size=300))
def test_parts_are_slices_of_the_file(text: str) -> None:
    found = outline(text, limit=60)
    lines = text.split("\n")
    for part in found.parts:
        assert 1 <= part.line <= len(lines)
        assert all(line in text for line in part.text.split("\n"))


def test_whole_measures_bytes() -> None:
    pieces = whole("é" * (MAX_BODY // 2 + 100))
    assert len(pieces) > 1
    assert all(len(text.encode()) <= MAX_BODY for _, text in pieces)
    assert whole("  \n \n") == []
