"""The results of `mem log`, `diff`, `why`, `undo` and `op log`."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from itertools import groupby
from typing import TYPE_CHECKING

from memcli.cli.options import Call
from memcli.cli.views.output import emit, printable
from memcli.cli.views.quantities import local_time, time_ago
from memcli.cli.views.question_lines import question_lines, questions_data
from memcli.cli.views.terminal import show_paged
from memcli.core.text.first_few import first_few
from memcli.operations.history.operation_log import sessions_of

if TYPE_CHECKING:
    from memcli.operations.history.diff import StoreDiff
    from memcli.operations.history.log import LogEntry, StoreLog
    from memcli.operations.history.operation_log import Operation
    from memcli.operations.history.undo import Undone
    from memcli.operations.history.why import MemoryOrigin
    from memcli.operations.history.why_line import CodeLine, RecordedRead

EVIDENCE = {
    "recorded": "the session recorded the commit",
    "trailer": "the commit's message names the session",
    "patch-id": "the session recorded the same change",
    "lines": "the session recorded the same lines",
}
"""What each kind of evidence means."""
SHOWN_READS = 20
"""Reads of a session that are shown at a terminal."""


def show_log(call: Call, log: StoreLog) -> None:
    """Print what entered the store, by promotion."""
    lines = log_lines(log.entries, call.workspace.now)
    emit(call, "log", log_data(log), lambda: printable("\n".join(lines)) or "no promotions", log.warnings)


def log_data(log: StoreLog) -> dict[str, object]:
    """What entered the store as the JSON contract has it."""
    return {"entries": [{"commit": entry.commit, "at": entry.at, "session": entry.session, "agent": entry.agent,
                         "review": entry.review, "change": entry.change, "id": entry.id, "title": entry.title}
                        for entry in log.entries]}  # fmt: skip


def log_lines(entries: Sequence[LogEntry], now: datetime) -> Iterator[str]:
    """A line for each commit, and below it one for each memory."""
    for commit, group in groupby(entries, key=lambda entry: entry.commit):
        changes = list(group)
        first = changes[0]
        agent = f" by {first.agent}" if first.agent else ""
        at = time_ago(first.at, now)
        yield f"{commit[:10]}  {at}  {first.session}{agent}, reviewed by {first.review}"
        yield from (f"    {entry.change:<10} {entry.id[-6:]}  {entry.title}" for entry in changes)


def show_diffs(call: Call, difference: StoreDiff) -> None:
    """Print the memories that differ between two commits, through the pager at a terminal."""
    changes = [{"id": change.id, "change": change.change if change.new_text else "removed", "title": change.title,
                "path": change.path, "diff": change.diff} for change in difference.changes]  # fmt: skip
    if call.flags.json:
        emit(call, "diff", {"old": difference.old, "new": difference.new, "changes": changes}, str)
    elif changes:
        show_paged(call, "\n".join(change.diff for change in difference.changes))


def show_memory_origin(call: Call, origin: MemoryOrigin) -> None:
    """Print each line of a memory with the session and review that brought it."""
    lines = [{"line": line.line, "text": line.text, "commit": line.commit, "at": line.at, "session": line.session,
              "agent": line.agent, "review": line.review} for line in origin.lines]  # fmt: skip
    data = {"id": origin.id, "title": origin.title, "lines": lines, "questions": questions_data(origin.questions)}
    emit(call, "why", data, lambda: printable("\n".join(_origin_lines(call, origin))))


def _origin_lines(call: Call, origin: MemoryOrigin) -> Iterator[str]:
    width = max((len(line.session) for line in origin.lines), default=0)
    yield origin.path
    yield from question_lines(origin.questions)
    for line in origin.lines:
        reviewer = line.review.split(" <")[0]
        at = time_ago(line.at, call.workspace.now)
        yield f"{line.commit[:8]}  {at:<10}  {line.session:<{width}}  {reviewer}  | {line.text}"


def show_code_line(call: Call, line: CodeLine) -> None:
    """Print where a line of code comes from, and what its session had read before."""
    lines = code_line_lines(line, call.workspace.now)
    emit(call, "why", code_line_data(line), lambda: printable("\n".join(lines)))


def code_line_data(line: CodeLine) -> dict[str, object]:
    """A line of code and its origin as the JSON contract has them."""
    return {"file": line.file, "line": line.line, "text": line.text, "commit": line.commit, "at": line.at,
            "subject": line.subject, "author": line.author, "session": line.session, "agent": line.agent,
            "task": line.task, "evidence": line.evidence, "certainty": line.certainty,
            "written_in": line.written_in, "possible_sessions": list(line.possible_sessions),
            "reads": list(map(_read_data, line.reads))}  # fmt: skip


def _read_data(read: RecordedRead) -> dict[str, object]:
    return {"op": read.op, "at": read.at, "query": read.query, "pack": read.pack,
            "ids": [{"id": id, "title": title} for id, title in read.ids]}  # fmt: skip


def code_line_lines(line: CodeLine, now: datetime) -> Iterator[str]:
    """A line of code, the commit and session that brought it, and what that had read before."""
    yield f"{line.file}:{line.line}  | {line.text}"
    if line.commit is None or line.at is None:
        yield "not committed yet"
        return
    yield f"{line.commit[:10]}  {time_ago(line.at, now)}  {line.author}  {line.subject}"
    if line.session is None:
        yield from _nobody_lines(line)
        return
    agent, written = f" by {line.agent}" if line.agent else "", f" as {line.written_in[:10]}" if line.written_in else ""
    yield f"made in {line.session}{agent}{written}  ({line.certainty}: {EVIDENCE.get(line.evidence or '', '')})"
    if line.task:
        yield f"    {line.task.splitlines()[0]}"
    yield from _read_lines(line.session, line.reads)


def _nobody_lines(line: CodeLine) -> Iterator[str]:
    if line.possible_sessions:
        names = first_few(line.possible_sessions)
        yield f"this commit holds work of {names}; whether this line is theirs is not known"
    else:
        yield "no session is known to have written this line"
        yield "    'mem hooks install --git --trailer' records the sessions of later commits"


def _read_lines(session: str, reads: Sequence[RecordedRead]) -> Iterator[str]:
    yield f"before that, {session} had read:" if reads else "no reads were recorded before that"
    for read in reads[-SHOWN_READS:]:
        replay = f"  (mem replay {read.pack[:12]})" if read.pack else ""
        yield f"    {local_time(read.at)}  {read.op}  {read.query}{replay}"
        yield from (f"        {id[-6:]}  {title or '(not in this clone)'}" for id, title in read.ids)
    if len(reads) > SHOWN_READS:
        yield f"    and {len(reads) - SHOWN_READS} earlier reads; --json shows all of them"


def show_undone(call: Call, undone: Undone, dry_run: bool) -> None:
    """Print what was (or would be) undone, and how."""
    moved = [{"ref": move.ref, "from": move.old, "to": move.new} for move in undone.moved]
    data = {"op": undone.op, "verb": undone.verb, "moved": moved, "inverse": undone.inverse,
            "reopened": undone.reopened[0] if len(undone.reopened) == 1 else None,
            "sessions": list(undone.reopened), "dry_run": dry_run}  # fmt: skip
    line = "would undo" if dry_run else "undone"
    line += " by an inverse commit" if undone.inverse else ""
    line += f": {undone.verb}: {undone.summary}"
    line += f"; back to review in {first_few(undone.back_in)}" if undone.back_in else ""
    emit(call, "undo", data, lambda: printable(line))


def show_operations(call: Call, operations: Sequence[Operation]) -> None:
    """Print operations, newest first."""
    data = {"operations": list(map(_operation_data, operations))}
    lines = [_operation_line(call, operation) for operation in operations]
    emit(call, "op-log", data, lambda: printable("\n".join(lines)) or "no operations")


def _operation_data(operation: Operation) -> dict[str, object]:
    return {"op": operation.op, "verb": operation.verb, "session": operation.session,
            "sessions": sessions_of(operation), "actor": operation.actor,
            "agent": operation.agent, "at": operation.at, "summary": operation.summary,
            "cancels": list(operation.cancels)}  # fmt: skip


def _operation_line(call: Call, operation: Operation) -> str:
    at = time_ago(operation.at, call.workspace.now)
    names = sessions_of(operation)
    who = f"{operation.actor}  {f'{len(names)} sessions' if len(names) > 1 else operation.session}"
    return f"{operation.op[-10:]}  {at:<10}  {who}  {operation.verb}: {operation.summary}"
