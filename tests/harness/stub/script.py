"""Scripts of the stub model: which step of which script answers a request.

A script is a JSON list of steps in `<name>.json`. The last `SCRIPT:<name>` in the texts of the user names the script,
and the number of tool results after it is the step. A step calls one tool of the harness (`shell`, `read`, `edit`,
`write`, `task`) or ends the turn (`text`); `hang` delays it by seconds, and `tokens` is the size that it reports.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

MARK = re.compile(r"SCRIPT:([a-z0-9_-]+)")
COMPACTIONS = ("create a detailed summary of the conversation", "CONTEXT CHECKPOINT", "handoff summary")
"""Parts of the prompts with which harnesses ask for a summary of the conversation."""
USER, RESULT = "user", "result"


@dataclass(frozen=True)
class ModelRequest:
    """What a harness asks of the model: `turns` are (USER or RESULT, text) in order; `tools` are name → schema."""

    turns: tuple[tuple[str, str], ...]
    tools: dict[str, Any] = field(default_factory=dict)
    side_answer: str = "stub side answer"
    """What to answer where no tools are offered: titles, summaries, choices of a model."""

    @property
    def asks_for_summary(self) -> bool:
        last = self.turns[-1][1] if self.turns and self.turns[-1][0] == USER else ""
        return any(part in last for part in COMPACTIONS)


@dataclass(frozen=True)
class Step:
    """The script, the number of the step and what it does."""

    script: str | None
    number: int
    action: dict[str, Any]

    @property
    def tokens(self) -> int:
        return int(self.action.get("tokens", 1000))

    @property
    def hang(self) -> float:
        return float(self.action.get("hang", 0))

    @property
    def text(self) -> str | None:
        """The text that ends the turn; None for the call of a tool."""
        text = self.action.get("text")
        return str(text) if text is not None else None


def next_step(request: ModelRequest, scripts: Path) -> Step:
    """The step that answers a request."""
    script, number = _position(request.turns)
    if request.asks_for_summary:
        return Step(script, number, {"text": "<summary>The limit was raised to six.</summary>"})
    if not request.tools:
        return Step(script, number, {"text": request.side_answer})
    steps = _load(scripts, script)
    return Step(script, number, steps[number] if number < len(steps) else {"text": f"done {script}"})


def _position(turns: Iterable[tuple[str, str]]) -> tuple[str | None, int]:
    script, number = None, 0
    for kind, text in turns:
        marks = MARK.findall(text) if kind == USER else []
        if marks:
            script, number = marks[-1], 0
        elif kind == RESULT:
            number += 1
    return script, number


def _load(scripts: Path, name: str | None) -> list[dict[str, Any]]:
    file = scripts / f"{name}.json"
    steps: list[dict[str, Any]] = json.loads(file.read_text("utf-8")) if name and file.is_file() else []
    return steps or [{"text": "no script"}]
