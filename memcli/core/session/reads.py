"""A recorded read: what a session was shown, as one line of its `reads.jsonl` and back.

Invariant: `list(read_lines(read.line())) == [read]`; reading never fails: lines that are not reads are left out.
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
"""Memories of one read that are kept: more than any command shows."""
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
        """The read as a line of `reads.jsonl`, without the line end."""
        members = {"op": self.op, "at": self.at, "tree": self.tree, "query": self.query, "parameters": self.parameters,
                "ids": [list(pair) for pair in self.ids], "sha256": self.sha256}  # fmt: skip
        return json.dumps(members, ensure_ascii=False)

    @property
    def of_now(self) -> bool:
        """Whether the read was of the store at that time, not as of another."""
        return not self.parameters.get("as_of") and not self.parameters.get("valid_at")


def read_lines(text: str) -> Iterator[Read]:
    """The reads of a file, in its order."""
    for line in text.split("\n"):  # not splitlines: a query may hold U+2028
        if read := _read(line):
            yield read


def _read(line: str) -> Read | None:
    try:
        members = json.loads(line)
        pairs, sha256, at = members["ids"], str(members["sha256"]), str(members.get("at"))
        ids = tuple((str(memory_id), str(blob)) for memory_id, blob in pairs[:MOST_SHOWN])
        parameters = members.get("parameters")
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return None
    if not all(_ID.fullmatch(memory_id) and _BLOB.fullmatch(blob) for memory_id, blob in ids):
        return None
    op, tree, query = (_text(members.get(name)) for name in ("op", "tree", "query"))
    parameters = parameters if isinstance(parameters, dict) else {}
    return Read(op, at if is_instant(at) else "", tree, query, parameters, ids, sha256)


def _text(value: object) -> str:
    """A text without lone surrogates, which JSON can hold and UTF-8 cannot; `` for anything else."""
    return value.encode("utf-8", "replace").decode() if isinstance(value, str) else ""
