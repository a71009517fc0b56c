"""Readers of the trial, who know nothing but what a screen shows: the program at a terminal, and what they answer."""

from __future__ import annotations

import os
import pty
import re
import select
import subprocess
from pathlib import Path
from types import TracebackType

from memcli import config
from tests import sandbox
from tests.terminal import set_size
from tests.waiting import LIMIT, eventually

_STYLE = re.compile(r"\x1b\[[0-9;?]*[a-zA-Z]")


class Session:
    """`mem` at a terminal of 80 columns, in a repository."""

    def __init__(self, path: Path, *words: str) -> None:
        self._ours, theirs = pty.openpty()
        set_size(theirs, 40, 80)
        self._process = subprocess.Popen(
            [*sandbox.MEM, *words], cwd=path, stdin=theirs, stdout=theirs, stderr=theirs, start_new_session=True,
            env={**config.personal_environment(), "TERM": "xterm-256color"},
        )  # fmt: skip
        os.close(theirs)

    def read_to(self, prompt: str) -> str:
        """What is shown until a prompt stands at the end."""
        text = ""
        while not re.search(prompt + r"\Z", text):
            text += self._read()
        return text

    def rest(self) -> str:
        """What is shown until the program ends."""
        text = ""
        while data := self._read():
            text += data
        return text

    def _read(self) -> str:
        assert select.select([self._ours], [], [], LIMIT)[0], "nothing is shown"
        try:
            data = os.read(self._ours, 1 << 16)
        except OSError:  # what Linux reports once nobody has the other side open
            return ""
        return _STYLE.sub("", data.decode("utf-8", "replace")).replace("\r\n", "\n")

    def enter(self, *lines: str) -> None:
        """Type lines, each ended with enter."""
        os.write(self._ours, "".join(f"{line}\n" for line in lines).encode())

    def __enter__(self) -> Session:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, where: TracebackType | None
    ) -> None:
        if kind or not eventually(lambda: self._process.poll() is not None):
            self._process.kill()
        self._process.wait()
        os.close(self._ours)


def lines_for(page: str) -> tuple[str, ...]:
    """What a reader types below the page of one candidate; an empty line takes the reason that is suggested."""
    if "blocked: secret" in page or "warning: outdated" in page:
        return ("r", "")
    if "says the same as" in page:
        return ("k",)
    if "near-duplicate" in page:
        return ("o",)
    if "contradiction" in page:
        mine, _, other = page.partition("· evidence")
        is_sure = "evidence: code" in mine and "has changed" not in mine
        is_other_sure = other.startswith((" code", "\n        code")) and "has changed" not in other
        return ("k",) if is_sure and not is_other_sure else ("o",)
    return ("A",)
