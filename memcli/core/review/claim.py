"""What a memory claims: its key and its body, whatever its id, title, white space, markup, capitals or final stop.

A decision about a claim holds for whoever makes it again. Duplicates are told more strictly, word for word.
"""

from __future__ import annotations

import re
import unicodedata
from functools import cache

from memcli.core.memory.memory import Memory

_PUNCTUATION = ".,;:!?()[]\"'“”‘’…"


def claim_hash(memory: Memory) -> str:
    """A memory's claim: SHA-256 (hex) of its text, then `:` and its key where it has one."""
    text = _sha256("claim", claim_text(memory.body))
    return f"{text}:{memory.key}" if memory.key else text


def text_part(claim: str) -> str:
    """A claim without its key."""
    return claim.partition(":")[0]


def key_part(claim: str) -> str:
    """The key of a claim, `` without one."""
    return claim.partition(":")[2]


def retirement_hash(memory: Memory) -> str:
    """SHA-256 (hex) of the statement that this memory, with what it claims, is to be retired."""
    return _sha256("retirement", memory.id, claim_hash(memory))


def _sha256(*parts: str) -> str:
    import hashlib

    return hashlib.sha256("\0".join(parts).encode()).hexdigest()


def is_new_claim(before: Memory | None, after: Memory) -> bool:
    """Whether a memory claims something that it did not claim before."""
    return before is None or claim_hash(before) != claim_hash(after)


def claim_text(body: str) -> str:
    """A body in the form in which claims are compared: NFC, without markup and a final `.` or `!`, one space between
    words, and in lower case but for code words, options and single letters, whose case may matter."""
    text = _without_markup(unicodedata.normalize("NFC", body).strip())
    return " ".join(map(_folded, text.split())).rstrip(".! ")


def _without_markup(text: str) -> str:
    """The text without the marks of headings, quotes, lists, links, emphasis and code."""
    text = _without_numbers(text)
    for marks, pattern in _markup():
        if any(mark in text for mark in marks):  # most texts have none, and every memory of an index is read
            text = pattern.sub(r"\g<text>", text)
    return text


def _without_numbers(text: str) -> str:
    """The text without the numbers of list items, which count from 1: `3. May` alone is a date."""
    last = 0

    def unnumbered(match: re.Match[str]) -> str:
        nonlocal last
        number = int(match["number"])
        if number not in (1, last + 1):
            return match[0]
        last = number
        return match["before"]

    return _item_number().sub(unnumbered, text) if "1." in text or "1)" in text else text


@cache
def _item_number() -> re.Pattern[str]:
    return re.compile(r"(?m)^(?P<before>[ \t]*(?:(?:#{1,6}|[-*+]|>)[ \t]+)*)(?P<number>[0-9]{1,9})[.)](?=\s)")


@cache
def _markup() -> tuple[tuple[str, re.Pattern[str]], ...]:
    """(characters that the mark begins with, what matches it) of each kind of mark."""
    return (
        ("#-*+>", re.compile(r"(?m)^(?:[ \t]*(?:#{1,6}|[-*+]|>)(?=\s))+(?P<text>)")),
        ("[", re.compile(r"(?<![\w!\])])\[(?P<text>[^\[\]]+)\]\((?:[^()\s]|\([^()\s]*\))*(?:\s+\"[^\"\n]*\")?\)")),
        ("`", re.compile(r"`+(?P<text>[^`]+)`+")),
        ("*_~", re.compile(r"(?<!\w)(?P<mark>\*\*|__|~~)(?=\S)(?P<text>.+?)(?<=\S)(?P=mark)(?!\w)")),
        ("*_", re.compile(r"(?<!\w)(?P<mark>[*_])(?=\S)(?P<text>.+?)(?<=\S)(?P=mark)(?!\w)")),
    )


def _folded(word: str) -> str:
    """A word in lower case, unless it is a code word, an option or a single letter other than `a` and `I`."""
    if word.islower():
        return word
    letters = word.strip(_PUNCTUATION).replace("-", "").replace("'", "").replace("’", "")
    is_word = letters.isalpha() and not word.startswith("-")
    is_plain = letters[1:].islower() or letters.isupper() or letters.islower()
    return word.casefold() if is_word and ((len(letters) > 1 and is_plain) or letters in "AI") else word
