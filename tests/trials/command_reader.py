"""A reader of the trial who uses commands alone: reads the review, looks at memories of the store, names what to do."""

from __future__ import annotations

import json
import subprocess
from collections import defaultdict
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from memcli import config
from tests import sandbox


class CommandReader:
    """Counts the commands that it needs."""

    def __init__(self, path: Path) -> None:
        self._path, self.commands = path, 0

    def decide(self) -> None:
        """Decide all that waits."""
        page = self._data("review", codes=(0, 6))
        self._fronts = {each["id"]: each["diff"] for each in page["candidates"]}
        rejected: dict[str, set[str]] = defaultdict(set)
        kept_over: dict[str, str] = {}
        for finding in page["findings"]:
            known = {each for ids in rejected.values() for each in ids}
            loser = self._loser(finding, kept_over)
            if loser and not known & {finding["id"], *finding["with"]}:
                rejected[finding["check"]].add(loser)
        for check, ids in rejected.items():
            self._run("reject", *sorted(ids), "-m", check)
        self._run("promote", "--all", "--clean", "--yes")
        for new, old in kept_over.items():
            self._run("promote", new, "--yes")
            self._run("retire", old, "-m", f"{new[-6:]} says what the code says now")
            self._run("promote", "--yes")

    def _loser(self, finding: Mapping[str, Any], kept_over: dict[str, str]) -> str:
        """The candidate that a finding speaks against; empty where it is the store that is wrong."""
        mine, others = str(finding["id"]), finding["with"]
        if finding["check"] != "contradiction":
            return mine
        if others[0] in self._fronts:
            return str(others[0]) if self._is_sure(mine) else mine
        stored = self._data("show", others[0])
        if self._is_sure(mine) and stored["staleness"] != "fresh":
            kept_over[mine] = others[0]
            return ""
        return mine

    def _is_sure(self, candidate: str) -> bool:
        """Whether its author has read it in the code."""
        return "+evidence: code" in self._fronts[candidate]

    def _data(self, *words: str, codes: tuple[int, ...] = (0,)) -> Any:
        return json.loads(self._run(*words, "--json", codes=codes))["data"]

    def _run(self, *words: str, codes: tuple[int, ...] = (0,)) -> str:
        self.commands += 1
        done = subprocess.run(
            [*sandbox.MEM, *words], cwd=self._path, env=config.personal_environment(), stdin=subprocess.DEVNULL,
            capture_output=True, text=True, check=False,
        )  # fmt: skip
        assert done.returncode in codes, (words, done.stderr)
        return done.stdout
