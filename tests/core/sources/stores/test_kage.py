"""Kage's packets, in markdown and JSON."""

from __future__ import annotations

import json
from typing import Any

from memcli.core.sources.stores.kage import READER
from tests.core.sources.stores.read_stores import only, read_store

PACKET: dict[str, Any] = {
    "schema_version": 2,
    "title": "Global build needs a restart",
    "summary": "The server is loaded once",
    "body": "The server is loaded once at the start.\nSee src/server.py.",
    "type": "gotcha",
    "status": "approved",
    "tags": ["session-learning", "mcp"],
    "paths": ["src/server.py", "gone.py"],
    "created_at": "2026-06-05T21:39:24.385Z",
    "updated_at": "2026-06-06T00:00:00.000Z",
}
MARKDOWN = f"""---
type: "Gotcha"
title: "Global build needs a restart"
tags: ["session-learning", "mcp"]
timestamp: "2026-06-05T21:39:24.385Z"
x-kage-status: "approved"
x-kage-paths: ["src/server.py"]
---

# Global build needs a restart

> The server is loaded once

The server is loaded once at the start.
See src/server.py.

## Verification

Started it twice.

# Citations

[1] explicit_capture

## Kage state

Machine state.

```json kage-state
{json.dumps(PACKET)}
```
"""
FILES = {"src/server.py": ""}
PATH = ".agent_memory/packets/gotcha-x"


def test_a_packet_is_a_memory_without_what_the_tool_keeps_for_itself() -> None:
    extract = only(read_store(READER, FILES | {f"{PATH}.md": MARKDOWN}))
    memory = extract.memory
    assert memory.body == (
        "The server is loaded once at the start.\nSee src/server.py.\n\n## Verification\n\nStarted it twice.\n"
    )
    assert (memory.title, memory.type, memory.topic, memory.tags) == (
        "Global build needs a restart",
        "fact",
        "gotcha",
        ("mcp",),
    )
    assert [anchor.path for anchor in memory.paths] == ["src/server.py"]
    assert (extract.dated, memory.created.isoformat()) == (True, "2026-06-05T21:39:24+00:00")


def test_a_packet_in_json() -> None:
    memory = only(read_store(READER, FILES | {f"{PATH}.json": json.dumps(PACKET)})).memory
    assert (memory.title, memory.body) == (PACKET["title"], f"{PACKET['body']}\n")


def test_what_is_no_packet_is_listed() -> None:
    reading = read_store(
        READER,
        {
            f"{PATH}.md": MARKDOWN,
            f"{PATH}.json": json.dumps(PACKET),
            ".agent_memory/packets/old.json": json.dumps(PACKET | {"status": "superseded"}),
            ".agent_memory/packets/diff.json": json.dumps(PACKET | {"body": "Change memory generated from a diff."}),
            ".agent_memory/packets/broken.json": "{",
            ".agent_memory/pending/x.json": json.dumps(PACKET),
            ".agent_memory/indexes/x.json": "{}",
            ".agent_memory/x.db": "binary",
        },
    )
    assert len(reading.extracts) == 1
    assert {skipped.path.removeprefix(".agent_memory/"): skipped.reason for skipped in reading.skipped} == {
        "packets/gotcha-x.json": "the same packet as the markdown file beside it",
        "packets/old.json": "its status is superseded",
        "packets/diff.json": "generated from a diff or from the code",
        "packets/broken.json": "not a packet",
        "pending/x.json": "not approved yet",
        "indexes/x.json": "made from the packets and the code, not a packet",
        "x.db": "neither markdown nor JSON",
    }


def test_titles_are_whole_and_have_no_type() -> None:
    text = "The benchmark of the server is callable from the package, not only from a script of the tree."
    cut = PACKET | {"title": text[:85], "body": text}
    typed = PACKET | {"title": "Decision: Postgres keeps the orders"}
    titles = [only(read_store(READER, {f"{PATH}.json": json.dumps(packet)})).memory.title for packet in (cut, typed)]
    assert titles == [text.removesuffix("."), "Postgres keeps the orders"]
