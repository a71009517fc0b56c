"""Estimates of a text's size in tokens, without a model's tokenizer."""

from __future__ import annotations

CHARACTERS_PER_TOKEN = 4


def utf16_length(text: str) -> int:
    """The length in UTF-16 units, as harnesses count it: two for a character outside the basic plane."""
    return len(text) if text.isascii() else len(text) + sum(letter > "\uffff" for letter in text)


def token_count(text: str) -> int:
    """The estimated tokens of a text: its UTF-16 length over four, rounded up."""
    return -(-utf16_length(text) // CHARACTERS_PER_TOKEN)
