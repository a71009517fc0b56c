"""Hidden characters of untrusted text become visible; what people write stays as it is."""

from __future__ import annotations

import unicodedata

import pytest

from memcli.html.visible_text import visible


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("a\x00b\x1b[31m", "a\\x00b\\x1b[31m"),
        ("user\u202etxt.exe", "user\\u202etxt.exe"),
        ("pass\u200bword\ufeff", "pass\\u200bword\\ufeff"),
        ("admin\u200d", "admin\\u200d"),
        ("\udcff", "\\udcff"),
        ("a\U000e0041b", "a\\U000e0041b"),
        ("one\r\ntwo\rthree", "one\ntwo\\x0dthree"),
    ],
)
def test_hidden_characters_are_escaped(text: str, shown: str) -> None:
    assert visible(text) == shown


@pytest.mark.parametrize("text", ["tab\tand\nline", "naïve – “quoted” 日本語 العربية", "👩‍💻 ❤️", "می‌خواهم"])
def test_what_people_write_stays(text: str) -> None:
    assert visible(text) == text


def test_no_control_or_format_character_of_unicode_is_left() -> None:
    """But for those that count or join letters of a script, which are seen or change what is seen."""
    drawn = {*"\t\n\u200c\u200d", *map(chr, range(0x600, 0x606)), "\u06dd", "\u070f", "\u0890", "\u0891", "\u08e2"}
    every = [chr(number) for number in range(0x110000) if unicodedata.category(chr(number)) in ("Cc", "Cf", "Cs")]
    kept = {letter for letter in every if visible(f"é{letter}") == f"é{letter}"} - drawn
    assert not {
        f"{ord(letter):x}" for letter in kept if unicodedata.name(letter, "")[:8] not in ("EGYPTIAN", "KAITHI N")
    }
