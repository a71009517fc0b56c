"""Text fitted to the terminal: cut_to_width, padded and wrapped by the cells that it takes, not by its length.

East Asian characters and emoji take two cells, combining characters none.
"""

from __future__ import annotations

import shutil

ELLIPSIS = "…"
READABLE = 100
"""The most cells of a line of prose, and the width where stdout is no terminal."""
_NARROWEST = 40


def screen_width() -> int:
    """The width of the terminal in cells, or what COLUMNS says; READABLE where stdout is no terminal."""
    return max(_NARROWEST, shutil.get_terminal_size((READABLE, 24)).columns)


def display_width(text: str) -> int:
    """The cells that a text takes in one line of a terminal."""
    if text.isascii():
        return len(text)
    from rich.cells import cell_len  # costs 20 ms, which most calls do not need

    return cell_len(text)


def cut_to_width(text: str, width: int) -> str:
    """A text in one line of at most `width` cells; where it is cut it ends in an ellipsis."""
    line = " ".join(text.split())
    if display_width(line) <= width:
        return line
    if line.isascii():
        return line[: width - 1].rstrip() + ELLIPSIS
    from rich.cells import set_cell_size

    return set_cell_size(line, width - 1).rstrip() + ELLIPSIS


def padded(text: str, width: int) -> str:
    """A text with spaces up to `width` cells."""
    return text + " " * max(0, width - display_width(text))


def wrapped(text: str, width: int) -> list[str]:
    """The lines of a text, those that are longer than `width` cells broken at spaces or, without any, anywhere."""
    return [line for paragraph in text.split("\n") for line in _broken(paragraph, width)]


def _broken(line: str, width: int) -> list[str]:
    """One line as lines of at most `width` cells, the later ones indented as the first."""
    if display_width(line) <= width:
        return [line]
    indent = " " * min(len(line) - len(line.lstrip(" ")), width // 2)
    rows, row = [], indent
    for word in line.split():
        for piece in _pieces(word, width - len(indent)):
            candidate = f"{row} {piece}" if row.strip() else indent + piece
            if display_width(candidate) > width:
                rows.append(row)
                candidate = indent + piece
            row = candidate
    return [*rows, row]


def _pieces(word: str, width: int) -> list[str]:
    """A word as pieces of at most `width` cells."""
    if display_width(word) <= width:
        return [word]
    pieces, piece = [], ""
    for character in word:
        if display_width(piece + character) > width:
            pieces.append(piece)
            piece = ""
        piece += character
    return [*pieces, piece]
