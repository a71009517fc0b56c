"""What texts count for a budget of tokens, without anybody's tokenizer."""

from __future__ import annotations

CHARACTERS_PER_TOKEN = 4


def size(text: str) -> int:
    """Characters as harnesses count them: UTF-16 units, two for what lies beyond the basic plane."""
    return len(text) if text.isascii() else len(text) + sum(letter > "\uffff" for letter in text)


def tokens(text: str) -> int:
    """What a text counts for a budget: its UTF-16 characters over four, rounded up."""
    return -(-size(text) // CHARACTERS_PER_TOKEN)
