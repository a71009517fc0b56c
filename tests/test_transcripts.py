"""The transcripts of `tests/transcripts/` are what `mem` prints; `python -m tests.test_transcripts` writes them anew.

`ID1` in a command or its output is the first id that was printed in the file, `ID2` the second, and so on.
"""

from __future__ import annotations

import re
import tempfile
from pathlib import Path

import pytest

from tests.console import ROOT, TIME_AGO, Console

FILES = sorted((ROOT / "tests" / "transcripts").glob("*.md"))
_ID = re.compile(r"\b[0-9A-HJKMNP-TV-Z]{26}\b")
_CHANGING = (
    (re.compile(r"\b(?!6141f01eba)[0-9a-f]{8,64}\b"), "COMMIT"),
    (re.compile(r"\d{4}-\d\d-\d\d([T ]\d\d:\d\d(:\d\d)?Z?)?"), "DATE"),
    (TIME_AGO, "DATE"),
    (re.compile(r"\bdream-\d{8}t\d{6}z\b"), "SESSION"),
    (re.compile(r"/\S*?(?=/shop\b)"), ""),
    (re.compile(r"(?m)^[0-9A-HJKMNP-TV-Z]{10}(?=  DATE)"), "OPERATION"),
    (re.compile(r"(?:(?<=git version )|(?<=SQLite ))[\d.]+"), "N"),
)


class Transcript(Console):
    """A console that names ids by the order in which they were printed."""

    def __init__(self, place: Path) -> None:
        self._ids: list[str] = []
        super().__init__(place)

    def run(self, line: str) -> str:
        """What a command prints, in a form that is the same in every run, and its exit code where it is not 0."""
        output, code = self.execute(self._with_ids(line))
        return self._stable(output) + (f"exit {code}\n" if code else "")

    def _with_ids(self, line: str) -> str:
        return re.sub(r"\bID(\d+)\b", lambda match: self._ids[int(match[1]) - 1], line)

    def _stable(self, output: str) -> str:
        self._ids += [found for found in dict.fromkeys(_ID.findall(output)) if found not in self._ids]
        for number, memory_id in enumerate(self._ids, 1):
            output = re.sub(rf"\b{memory_id}\b|\b{memory_id[-6:]}\b", f"ID{number}", output)
        for pattern, replacement in _CHANGING:
            output = pattern.sub(replacement, output)
        return re.sub(r"(?m) +$", "", output)


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_the_commands_print_what_the_transcript_shows(file: Path, tmp_path: Path) -> None:
    text = file.read_text(encoding="utf-8")
    assert Transcript(tmp_path).play(text) == text


def test_every_command_is_in_a_transcript() -> None:
    """But for the tour, the terminal's own program, and what tests of their own hold."""
    from memcli.cli.command_table import COMMANDS

    elsewhere = {"demo", "ui", "report", "uninstall", "help", "completion", "mcp"}
    called = {
        word for file in FILES for line in re.findall(r"(?m)^\$ mem (.+)$", file.read_text()) for word in line.split()
    }
    assert COMMANDS.keys() - elsewhere - called == set()


if __name__ == "__main__":
    for transcript in FILES:
        with tempfile.TemporaryDirectory() as scratch:
            transcript.write_text(Transcript(Path(scratch)).play(transcript.read_text("utf-8")), encoding="utf-8")
