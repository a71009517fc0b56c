"""The resources: memories, packs and reviews by URI, and the list of those that a client can offer its user."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import NamedTuple

from mcp_types import ListResourcesResult, Resource, ResourceTemplate

from memcli.cli.options import Call
from memcli.cli.views.output import printable
from memcli.cli.views.quantities import quantity
from memcli.cli.views.question_lines import question_lines
from memcli.cli.views.review_page import page_lines
from memcli.core.memory.identity import short
from memcli.core.memory.summary import Filters, MemorySummary
from memcli.core.pack.frame import clean
from memcli.errors import NotFound, Usage
from memcli.mcp.tool_answer import text_page
from memcli.operations.inbox.review_page import session_page
from memcli.operations.memories.list import list_memories
from memcli.operations.memories.show import show_memory
from memcli.operations.recall.replay import replay
from memcli.operations.review.review import review_session
from memcli.operations.sessions.list import list_sessions
from memcli.workspace import Workspace

PAGE = 100
"""Memories in one page of the list."""
REVIEW_BYTES = 60_000
"""UTF-8 bytes of a review, at most; harnesses cut what is longer."""
MARKDOWN, PLAIN = "text/markdown", "text/plain"
_CURSOR = re.compile(r"[0-9A-Z]{26}")


class ResourceText(NamedTuple):
    """What a resource says, and its MIME type."""

    text: str
    mime_type: str


class ResourceKind(NamedTuple):
    """A kind of resources: its template, the URIs it is for, and what reads one."""

    name: str
    template: str
    description: str
    pattern: re.Pattern[str]
    mime_type: str
    read: Callable[[Call, str], str]


def _read_memory(call: Call, memory_id: str) -> str:
    shown = show_memory(call.workspace, memory_id)
    questions = [printable(line) for line in question_lines(shown.record.questions)]
    return "\n".join([shown.text.rstrip("\n"), *questions, ""])


def _read_pack(call: Call, pack: str) -> str:
    return replay(call.workspace, pack).text


def _read_review(call: Call, session: str) -> str:
    """The page of a session's review as at a terminal, cut where it is too long for a model."""
    page = session_page(call.workspace, review_session(call.workspace, session))
    lines = [
        *page_lines(call, page.waiting),
        "",
        f"A person decides: 'mem promote {session}', 'mem reject {session} ID'.",
    ]
    text, following = text_page("\n".join(lines), 0, REVIEW_BYTES)
    return f"{text}\n… cut here; 'mem review {session}' shows all of it\n" if following else text + "\n"


KINDS = (
    ResourceKind(
        "memory", "mem://memory/{id}", "One memory, by its id", re.compile(r"mem://memory/([0-9A-Za-z]{4,26})"),
        MARKDOWN, _read_memory,
    ),
    ResourceKind(
        "pack", "mem://pack/{hash}", "A context pack as it was handed out", re.compile(r"mem://pack/([0-9A-Fa-f]{6,64})"),
        MARKDOWN, _read_pack,
    ),
    ResourceKind(
        "review", "mem://session/{name}/review", "What a session proposes, with the findings of the checks",
        re.compile(r"mem://session/([a-z0-9][a-z0-9-]{0,63})/review"), PLAIN, _read_review,
    ),
)  # fmt: skip
"""Every kind of resource."""


def read_uri(call: Call, uri: str) -> ResourceText:
    """The resource of a URI. Raises NotFound and what its reader raises."""
    for kind in KINDS:
        if match := kind.pattern.fullmatch(uri):
            text = kind.read(call, match[1])
            return ResourceText(text.encode("utf-8", "replace").decode(), kind.mime_type)
    raise NotFound(f"no resource {uri[:100]!r}", f"the resources are {', '.join(kind.template for kind in KINDS)}")


def templates() -> list[ResourceTemplate]:
    """How the URIs of each kind are made."""
    return [
        ResourceTemplate(
            name=kind.name, uri_template=kind.template, description=kind.description, mime_type=kind.mime_type
        )
        for kind in KINDS
    ]


def list_page(workspace: Workspace, cursor: str | None) -> ListResourcesResult:
    """What waits for review, then the active memories, newest first; `cursor` is the id that the last page ended with.

    Raises Usage for a cursor that no page has given."""
    if cursor is not None and not _CURSOR.fullmatch(cursor):
        raise Usage("unknown cursor", "leave it out to begin with the first page")
    memories = sorted(list_memories(workspace, Filters()).memories, key=lambda record: record.id, reverse=True)
    rest = [record for record in memories if cursor is None or record.id < cursor]
    resources = [*(_reviews(workspace) if cursor is None else ()), *map(_memory_entry, rest[:PAGE])]
    following = rest[PAGE - 1].id if len(rest) > PAGE else None
    return ListResourcesResult(resources=resources, next_cursor=following)


def _reviews(workspace: Workspace) -> Iterator[Resource]:
    for summary in list_sessions(workspace):
        if summary.candidates:
            name, count = summary.session.name, quantity(len(summary.candidates), "candidate")
            yield Resource(
                name=name, uri=f"mem://session/{name}/review", description=f"review of {count}", mime_type=PLAIN
            )


def _memory_entry(record: MemorySummary) -> Resource:
    description = clean(f"{record.type} in {record.topic}, {record.modified[:10]}")
    return Resource(
        name=short(record.id),
        title=clean(record.title)[:200],
        uri=f"mem://memory/{record.id}",
        description=description[:200],
        mime_type=MARKDOWN,
    )
