"""A recorded read: what a session was shown, as one line of its `reads.jsonl` and back.

Invariant: `list(read_lines(read.line())) == [read]`; reading is total: whatever a foreign session's file holds, lines
that are no reads are left out.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from memcli.core.memory.identity import CROCKFORD
from memcli.core.memory.instants import is_instant

RECALL, HYDRATE = "recall", "hydrate"
MOST_SHOWN = 2_000
"""Memories of one read that count: more than any command shows."""
_ID = re.compile(f"[0-7][{CROCKFORD}]{{25}}")
_BLOB = re.compile("[0-9a-f]{40}")


@dataclass(frozen=True)
class Read:
    """One `recall`, `show` or `hydrate`: when (RFC 3339), of which tree, what was asked and how, the memories shown as
    (id, blob), and the hash of the bytes."""

    op: str
    at: str
    tree: str
    query: str
    parameters: Mapping[str, Any]
    ids: tuple[tuple[str, str], ...]
    sha256: str

    def line(self) -> str:
        """As `reads.jsonl` has it, without the line end."""
        said = {"op": self.op, "at": self.at, "tree": self.tree, "query": self.query, "parameters": self.parameters,
                "ids": [list(pair) for pair in self.ids], "sha256": self.sha256}  # fmt: skip
        return json.dumps(said, ensure_ascii=False)

    @property
    def of_now(self) -> bool:
        """Whether the store was asked as it was then, not as of another time."""
        return not self.parameters.get("as_of") and not self.parameters.get("valid_at")


def read_lines(text: str) -> Iterator[Read]:
    """The reads of a file, in its order."""
    for line in text.split("\n"):  # not splitlines: a query may hold U+2028
        if read := _read(line):
            yield read


def _read(line: str) -> Read | None:
    try:
        said = json.loads(line)
        named, sha256, at = said["ids"], str(said["sha256"]), str(said.get("at"))
        ids = tuple((str(one), str(blob)) for one, blob in named[:MOST_SHOWN])
        parameters = said.get("parameters")
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return None
    if not all(_ID.fullmatch(one) and _BLOB.fullmatch(blob) for one, blob in ids):
        return None
    words = [_text(said.get(name)) for name in ("op", "tree", "query")]
    found = dict(parameters) if isinstance(parameters, dict) else {}
    return Read(words[0], at if is_instant(at) else "", words[1], words[2], found, ids, sha256)


def _text(value: object) -> str:
    """A text without lone surrogates, which JSON can spell and nothing else can hold."""
    return value.encode("utf-8", "replace").decode() if isinstance(value, str) else ""
