"""The tools that read: recall, show, hydrate, history. Each calls the verb of its command."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from memcli.cli.views.history import code_line_data, code_line_lines, log_data, log_lines
from memcli.cli.views.memory_lines import labels_of, shown_data
from memcli.cli.views.output import printable
from memcli.cli.views.packs import empty_pack_reason, pack_data, pack_warnings
from memcli.cli.views.quantities import time_ago
from memcli.cli.views.question_lines import question_lines
from memcli.cli.views.recall_hits import recalled_data
from memcli.core.memory.standing import type_with_standing
from memcli.core.memory.summary import Filters
from memcli.core.pack.frame import clean
from memcli.errors import Usage
from memcli.mcp.tool_answer import ToolAnswer, fitting, json_size, plain_data, text_page
from memcli.mcp.tool_arguments import HistoryArguments, HydrateArguments, RecallArguments, ShowArguments
from memcli.operations.history.log import LogRequest, StoreLog, store_log
from memcli.operations.history.why_line import parse_line_reference, trace_line
from memcli.operations.memories.show import show_memory
from memcli.operations.recall.hydrate import HydrateRequest, hydrate
from memcli.operations.recall.recall import Hit, Recalled, RecallRequest, recall
from memcli.operations.recall.warm_search import WarmSearch
from memcli.operations.views.reader import Reader
from memcli.workspace import Workspace

PAGE = 20
"""Entries of a history that are shown at a time."""
NOTHING = "nothing relevant is known"


def recall_tool(workspace: Workspace, arguments: RecallArguments, search: WarmSearch) -> ToolAnswer:
    """The memories that answer a question, from `offset` on."""
    filters = Filters(paths=(arguments.path,) if arguments.path else ())
    limit, offset, as_of = arguments.limit, arguments.offset, arguments.as_of or None
    backend = None if as_of else search.via(Reader(workspace))  # the collection holds today's store alone
    request = RecallRequest(arguments.query, filters, limit, as_of=as_of, via=backend, offset=offset)
    recalled = recall(workspace, request)
    data = plain_data(recalled_data(recalled))
    hits = fitting(data.pop("hits"), json_size(data))
    is_last = len(hits) == len(recalled.hits) < limit or not hits
    following = None if is_last else offset + len(hits)
    lines = [line for hit in recalled.hits[: len(hits)] for line in _hit_lines(hit, recalled, workspace.now)]
    lines = lines or [NOTHING]
    lines += [f"warning: {warning}" for warning in (recalled.degraded, *recalled.warnings) if warning]
    lines += [f"more: offset {following}"] if following else []
    return ToolAnswer("\n".join(lines), {**data, "hits": hits, "next_offset": following})


def _hit_lines(hit: Hit, recalled: Recalled, now: datetime) -> Iterator[str]:
    """A hit as a citation with its marks of provenance, its open questions, and what of it matters here."""
    record, staleness = hit.record, recalled.staleness[hit.record.id]
    marks = [type_with_standing(record.type, record.standing), *labels_of(record), time_ago(record.modified, now)]
    marks += [f"evidence {record.evidence}"] if record.evidence else []
    marks += [f"by {record.agent or 'a person'}"]
    marks += [f"{staleness.state}: {staleness.reason}"] if staleness.reason else []
    yield f"[mem:{record.id[-6:]}] {clean(record.title)} ({clean(', '.join(marks))})"
    yield from (f"  {clean(line)}" for line in question_lines(record.questions))
    if hit.snippet.rstrip(".") != record.title:
        yield f"  {clean(hit.snippet)}"


def show_tool(workspace: Workspace, arguments: ShowArguments) -> ToolAnswer:
    """One memory; a long body in pages from the character `offset` on."""
    shown = show_memory(workspace, arguments.id, arguments.as_of or None)
    body, following = text_page(shown.body, arguments.offset)
    data = {**plain_data({**shown_data(shown), "body": ""}), "body": body, "next_offset": following}
    front = shown.text.removesuffix(shown.body)
    head, _ = text_page(front, 0)
    lines = [] if arguments.offset else [printable(head.rstrip("\n"))]
    lines += map(printable, question_lines(shown.record.questions))
    lines += [f"{anchor.state}: {clean(f'{anchor.path} {anchor.reason}')}" for anchor in shown.staleness.anchors]
    lines += [f"the body goes on at offset {following}"] if following else []
    return ToolAnswer("\n".join([*lines, "", printable(body.rstrip("\n"))]), data)


def hydrate_tool(workspace: Workspace, arguments: HydrateArguments) -> ToolAnswer:
    """A context pack, which carries its own frame."""
    hydrated = hydrate(workspace, HydrateRequest(arguments.task, tuple(arguments.paths), arguments.budget))
    text = hydrated.text or empty_pack_reason(hydrated)
    warnings = "".join(f"\nwarning: {warning}" for warning in pack_warnings(hydrated))
    return ToolAnswer(text + warnings, plain_data(pack_data(hydrated), whole=("text",)))


def history_tool(workspace: Workspace, arguments: HistoryArguments) -> ToolAnswer:
    """Who brought and reviewed a memory, those of a key, or a line of code; without any of them the newest promotions.

    Raises Usage where more than one is named."""
    if sum(map(bool, (arguments.id, arguments.key, arguments.line))) > 1:
        raise Usage("name one of id, key and line", "each of them has a history of its own")
    return _line_answer(workspace, arguments.line) if arguments.line else _log_answer(workspace, arguments)


def _log_answer(workspace: Workspace, arguments: HistoryArguments) -> ToolAnswer:
    start, end = arguments.offset, arguments.offset + PAGE
    # a commit has at least one entry
    log = store_log(workspace, LogRequest(arguments.id or None, arguments.key or None, end + 1))
    page = StoreLog(log.entries[start:end], log.warnings)
    entries = fitting(plain_data(log_data(page))["entries"], 0)
    following = start + len(entries) if start + len(entries) < len(log.entries) else None
    lines = [clean_line(line) for line in log_lines(page.entries[: len(entries)], workspace.now)]
    lines = lines or ["no promotions" if not start else "no more promotions"]
    lines += [f"more: offset {following}"] if following else []
    return ToolAnswer("\n".join(lines), {"entries": entries, "next_offset": following})


def clean_line(line: str) -> str:
    """A line of text that may come from a store, with its indentation."""
    return " " * (len(line) - len(line.lstrip(" "))) + clean(line)


def _line_answer(workspace: Workspace, text: str) -> ToolAnswer:
    reference = parse_line_reference(text)
    if reference is None:
        raise Usage("line: not FILE:LINE", "for example src/app.py:42")
    line = trace_line(workspace, reference)
    data = plain_data(code_line_data(line))
    reads = data.pop("reads")
    kept = list(reversed(fitting(reads[::-1], json_size(data)))) if reads else []
    lines = "\n".join(map(clean_line, code_line_lines(line, workspace.now)))
    return ToolAnswer(text_page(lines, 0)[0], {**data, "reads": kept})
