"""Pictures of the program at a terminal: `python -m tests.pictures OUT.svg [--columns N] [--type LINE]… -- COMMAND…`.

Runs a command at a real pseudo-terminal, in the current directory, and draws what a terminal shows: as SVG, or as PNG
(through Chromium) where OUT ends so. Used to look at screens, and for the pictures of the README.
"""

from __future__ import annotations

import argparse
import os
import pty
import select
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from html import escape
from itertools import groupby
from pathlib import Path

import pyte
from pyte.screens import Char

from tests.terminal import set_size

_QUIET = 1.5
"""Seconds without output after which a program waits for the next line."""
_DIM, _GREY = b"\x1b[2m", b"\x1b[90m"
"""pyte knows no dim text."""
NBSP = "\xa0"
"""In the place of a blank: SVG draws several as one."""
_CELL, _LINE, _SIZE = 8.4, 18, 14
_BACKGROUND, _TEXT = "#16181d", "#d7dae0"
_COLOURS = {
    "black": "#8b919c", "red": "#ef6b73", "green": "#8fc77b", "brown": "#e0b667", "yellow": "#e0b667",
    "blue": "#6fb3f2", "magenta": "#c98ae0", "cyan": "#5fc3c9", "white": "#d7dae0",
}  # fmt: skip


@dataclass(frozen=True)
class Terminal:
    """The size of a terminal."""

    columns: int = 80
    lines: int = 200

    def screen(self, command: Sequence[str], typed: Sequence[str] = ()) -> pyte.Screen:
        """What is shown once the command has ended, or waits for what is not typed."""
        screen = pyte.Screen(self.columns, self.lines)
        stream = pyte.ByteStream(screen)
        ours, theirs = pty.openpty()
        set_size(theirs, self.lines, self.columns)
        variables = {**os.environ, "TERM": "xterm-256color", "COLORTERM": "truecolor"}
        process = subprocess.Popen(command, stdin=theirs, stdout=theirs, stderr=theirs, env=variables,
                                   start_new_session=True)  # fmt: skip
        os.close(theirs)
        for line in (*typed, None):
            for data in _until_quiet(ours):
                stream.feed(data.replace(_DIM, _GREY))
            if line is not None:
                os.write(ours, line.encode().decode("unicode_escape").encode())
        if process.poll() is None:
            process.kill()
        process.wait()
        os.close(ours)
        return screen


def _until_quiet(handle: int) -> Iterator[bytes]:
    limit = 20.0
    while select.select([handle], [], [], limit)[0]:
        try:
            data = os.read(handle, 1 << 16)
        except OSError:
            return
        if not data:
            return
        yield data
        limit = _QUIET


def as_svg(screen: pyte.Screen, is_full: bool = False) -> str:
    """The screen as SVG, up to its last line that holds anything."""
    rows = [[screen.buffer[y][x] for x in range(screen.columns)] for y in range(screen.lines)]
    used = [y for y, row in enumerate(rows) if any(char.data.strip() or char.bg != "default" for char in row)]
    shown = rows if is_full else rows[: max(used, default=0) + 1]
    width, height = round(screen.columns * _CELL + 24), len(shown) * _LINE + 24
    lines = "".join(_line_svg(row, 12 + (y + 1) * _LINE - 5) for y, row in enumerate(shown))
    font = "ui-monospace, 'DejaVu Sans Mono', Menlo, Consolas, monospace"
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" viewBox="0 0 {width} {height}">'
        f'<rect width="{width}" height="{height}" rx="8" fill="{_BACKGROUND}"/>'
        f'<g font-family="{font}" font-size="{_SIZE}" fill="{_TEXT}" xml:space="preserve">{lines}</g></svg>\n'
    )


def _line_svg(row: Sequence[Char], y: int) -> str:
    parts, x = "", 0
    for style, group in groupby(row, lambda char: char._replace(data="")):
        texts = [char.data for char in group]  # the second cell of a wide letter is empty
        parts += _run_svg(texts, style, x, y)
        x += len(texts)
    return parts


def _run_svg(texts: Sequence[str], style: Char, x: int, y: int) -> str:
    """Cells in one style, with their background; blanks around the text are left out, since SVG drops them."""
    foreground, background = _colour(style.fg, _TEXT), _colour(style.bg, "")
    if style.reverse:
        foreground, background = background or _BACKGROUND, foreground
    left, width = 12 + x * _CELL, len(texts) * _CELL
    place = f'x="{left:.1f}" y="{y - 13}" width="{width:.1f}" height="{_LINE}"'
    box = f'<rect {place} fill="{background}"/>' if background else ""
    text = "".join(texts).strip()
    if not text:
        return box
    first = next(number for number, letter in enumerate(texts) if letter.strip())
    last = max(number for number, letter in enumerate(texts) if letter.strip() or not letter)
    bold = ' font-weight="bold"' if style.bold else ""
    length = f' textLength="{(last - first + 1) * _CELL:.1f}" lengthAdjust="spacingAndGlyphs"'
    start = f'x="{left + first * _CELL:.1f}" y="{y}"'
    return f'{box}<text {start} fill="{foreground}"{bold}{length}>{escape(text).replace(" ", NBSP)}</text>'


def _colour(name: str, default: str) -> str:
    if name == "default":
        return default
    return _COLOURS.get(name.removeprefix("bright"), f"#{name}")


def write_picture(svg: str, file: Path) -> None:
    """Write the picture as SVG, or as PNG where the file is named so."""
    if file.suffix != ".png":
        file.write_text(svg, encoding="utf-8")
        return
    width, height = (int(part.split('"')[1]) for part in svg.split(" ")[2:4])
    chromium = shutil.which("chromium") or "chromium"
    with tempfile.TemporaryDirectory() as directory:
        page = Path(directory, "page.svg")
        page.write_text(svg, encoding="utf-8")
        subprocess.run(
            [chromium, "--headless", "--no-sandbox", "--disable-gpu", "--force-device-scale-factor=2",
             f"--screenshot={file.resolve()}", f"--window-size={width},{height}", page.as_uri()],
            check=True, capture_output=True,
        )  # fmt: skip


def main() -> int:
    """Draw one picture."""
    parser = argparse.ArgumentParser(prog="python -m tests.pictures", description=__doc__)
    parser.add_argument("out", type=Path)
    parser.add_argument("--columns", type=int, default=80)
    parser.add_argument("--lines", type=int, default=200)
    parser.add_argument("--full", action="store_true", help="draw the whole screen, as for `mem ui`")
    parser.add_argument(
        "--type", action="append", default=[], metavar="KEYS", help=r"typed once it is quiet; \n is enter"
    )
    parser.add_argument("command", nargs="+")
    options = parser.parse_args()
    screen = Terminal(options.columns, options.lines).screen(options.command, options.type)
    write_picture(as_svg(screen, options.full), options.out)
    return 0


if __name__ == "__main__":
    sys.exit(main())
