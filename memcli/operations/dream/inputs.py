"""What a caller asks of a dream, and the inputs that the dream is a function of.

The dream's first commit holds its inputs, so a resumed dream ends with the same tree.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from memcli.branch import SESSION_DIRECTORY
from memcli.core.memory.instants import parse_instant

INPUTS = f"{SESSION_DIRECTORY}/dream.json"
VERSION = 1


@dataclass(frozen=True)
class DreamRequest:
    """What a caller asks of a dream: the options of the command line.

    `since`: a commit of the store to read from in place of the last watermark; `ask`: whether to ask the configured
    curator too.
    """

    since: str = ""
    scope: str = ""
    limit: int | None = None
    force: bool = False
    auto: bool = False
    ask: bool = True


@dataclass(frozen=True)
class DreamInputs:
    """What a dream is a function of.

    `at`: its instant (RFC 3339); `since`, `base`: the commits of the store between which it reads; `code_since`,
    `code`: those of the code's default branch, empty without one; `reads`: the commits whose recorded reads count;
    `rejected`: (claim hash, reason) of what persons rejected.
    """

    at: str
    since: str
    base: str
    code_since: str = ""
    code: str = ""
    scope: str = ""
    limit: int | None = None
    force: bool = False
    reads: tuple[str, ...] = ()
    rejected: tuple[tuple[str, str], ...] = ()

    @property
    def instant(self) -> datetime:
        return parse_instant(self.at)

    def to_json(self) -> str:
        return json.dumps({"v": VERSION, **asdict(self)}, indent=1) + "\n"

    def watermark(self, full: bool) -> str:
        """Up to where the store counts as read once the dream is promoted: no further than before if it left something
        out."""
        return self.since if full or self.scope else self.base


def parse_inputs(text: str) -> DreamInputs:
    """The inputs in a file. Raises ValueError where it holds anything else."""
    try:
        fields: dict[str, Any] = json.loads(text)
        if fields.pop("v") != VERSION:
            raise ValueError("written by another version of mem")
        rejected = tuple((str(claim), str(reason)) for claim, reason in fields["rejected"])
        return _checked(DreamInputs(**{**fields, "reads": tuple(map(str, fields["reads"])), "rejected": rejected}))
    except (KeyError, TypeError, AttributeError, RecursionError) as error:
        raise ValueError(f"not the inputs of a dream: {error}") from error


def _checked(inputs: DreamInputs) -> DreamInputs:
    texts = (inputs.at, inputs.since, inputs.base, inputs.code_since, inputs.code, inputs.scope)
    if not all(isinstance(text, str) for text in texts) or not isinstance(inputs.limit, int | None):
        raise ValueError("not the inputs of a dream")
    parse_instant(inputs.at)
    return inputs
