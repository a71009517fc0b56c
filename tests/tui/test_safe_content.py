"""Text of a store on the screen: never markup, nothing that a terminal obeys."""

from __future__ import annotations

from memcli.tui.safe_content import DIFFERENT, diff_content, one_line_of, safe, with_differences


def test_markup_and_control_characters_are_text() -> None:
    content = safe("[red]x[/] \u202eabc\x1b[2J")
    assert content.plain == "[red]x[/] \\x202eabc\\x1b[2J"
    assert not content.spans


def test_one_line_has_exactly_its_width() -> None:
    for text in ("short", "a title that is too long for it", "日本語のタイトルです", "two\nlines"):
        assert one_line_of(text, 12).cell_length == 12


def test_the_words_that_differ_are_highlighted() -> None:
    content = with_differences("valid for 60 minutes", "valid for 15 minutes")
    assert content.plain == "valid for 60 minutes"
    assert [(content.plain[span.start : span.end].strip(), span.style) for span in content.spans] == [("60", DIFFERENT)]


def test_a_diff_has_signs_beside_colours() -> None:
    assert diff_content("a\nb\n", "a\nc\n").plain == "  a\n- b\n+ c"
