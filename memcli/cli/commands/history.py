"""`mem log`, `diff`, `why`."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated

import typer

from memcli.cli.options import Call, Command, call
from memcli.cli.views.output import emit, printable
from memcli.core.memory.instants import format_instant
from memcli.operations.history.log import LogEntry, store_diff, store_log, trace_memory
from memcli.operations.history.why_line import CodeLine, parse_line_reference, trace_line

app = typer.Typer()
MOST_READS = 20
"""Reads of a session that are shown at a terminal."""


@app.command("log", cls=Command)
def log_command(
    ctx: typer.Context,
    id: Annotated[str | None, typer.Argument(metavar="ID", help="One memory's history; left out, the store's")] = None,
    key: Annotated[str | None, typer.Option(help="The timeline of a key")] = None,
    n: Annotated[int, typer.Option("-n", min=1, help="At most this many promotions")] = 20,
) -> None:
    """Show what entered the store, promotion by promotion, newest first"""
    this = call(ctx)
    found = store_log(this.workspace, id, key, n)
    data = {"entries": [{"commit": one.commit, "at": one.at, "session": one.session, "agent": one.agent,
                         "review": one.review, "change": one.change, "id": one.id, "title": one.title}
                        for one in found]}  # fmt: skip
    emit(this, "log", data, lambda: "\n".join(_log_lines(found)) or "nothing was promoted yet")


def _log_lines(found: list[LogEntry]) -> list[str]:
    lines, commit = list[str](), ""
    for one in found:
        if one.commit != commit:
            commit = one.commit
            who = f" by {one.agent}" if one.agent else ""
            lines.append(
                printable(f"{commit[:10]}  {format_instant(one.at)}  {one.session}{who}, reviewed by {one.review}")
            )
        lines.append(printable(f"    {one.change:<10} {one.id[-6:]}  {one.title}"))
    return lines


@app.command("diff", cls=Command)
def diff_command(
    ctx: typer.Context,
    old: Annotated[
        str | None, typer.Argument(metavar="REV", help="Left out: what your session, else the last promotion, changes")
    ] = None,
    new: Annotated[str | None, typer.Argument(metavar="REV", help="Left out: the store's tip")] = None,
) -> None:
    """Show the memories that differ between two commits"""
    from memcli.cli.views.terminal import paged

    this = call(ctx)
    found = store_diff(this.workspace, old, new)
    changes = [{"id": one.id, "change": one.change if one.new_text else "removed", "title": one.title, "path": one.path,
                "diff": one.diff} for one in found.changes]  # fmt: skip
    if this.flags.json:
        emit(this, "diff", {"old": found.old, "new": found.new, "changes": changes}, str)
    elif changes:
        paged(this, "\n".join(one.diff for one in found.changes))


@app.command("why", cls=Command)
def why_command(
    ctx: typer.Context,
    what: Annotated[
        str, typer.Argument(metavar="WHAT", help="A memory's id, or a line of code: FILE:LINE, or FILE:LINE@REV")
    ],
) -> None:
    """Show which session brought each line of a memory, or a line of code and what that session had read"""
    this = call(ctx)
    asked = parse_line_reference(what)
    if asked:
        _why_line(this, trace_line(this.workspace, asked))
    else:
        _why_memory(this, what)


def _why_memory(this: Call, id: str) -> None:
    found = trace_memory(this.workspace, id)
    lines = [{"line": one.line, "text": one.text, "commit": one.commit, "at": one.at, "session": one.session,
              "agent": one.agent, "review": one.review} for one in found.lines]  # fmt: skip
    width = max((len(one.session) for one in found.lines), default=0)
    text = [f"{found.path}"] + [
        f"{one.commit[:8]}  {one.at:%Y-%m-%d}  {one.session:<{width}}  {one.review.split(' <')[0]}  | {one.text}"
        for one in found.lines
    ]
    emit(this, "why", {"id": found.id, "title": found.title, "lines": lines}, lambda: printable("\n".join(text)))


def _why_line(this: Call, found: CodeLine) -> None:
    reads = [{"op": one.op, "at": one.at, "query": one.query, "pack": one.pack,
              "ids": [{"id": id, "title": title} for id, title in one.ids]} for one in found.reads]  # fmt: skip
    data = {"file": found.file, "line": found.line, "text": found.text, "commit": found.commit, "at": found.at,
            "subject": found.subject, "author": found.author, "session": found.session, "agent": found.agent,
            "task": found.task, "reads": reads}  # fmt: skip
    emit(this, "why", data, lambda: "\n".join(map(printable, _code_lines(found))))


def _code_lines(found: CodeLine) -> Iterator[str]:
    yield f"{found.file}:{found.line}  | {found.text}"
    if found.commit is None or found.at is None:
        yield "not committed yet"
        return
    yield f"{found.commit[:10]}  {found.at:%Y-%m-%d}  {found.author}  {found.subject}"
    if found.session is None:
        yield "no session has recorded this commit"
        return
    yield f"made in {found.session}" + (f" by {found.agent}" if found.agent else "")
    if found.task:
        yield f"    {found.task.splitlines()[0]}"
    yield f"before it, {found.session} had read:" if found.reads else "it had recorded no reads before"
    for one in found.reads[-MOST_READS:]:
        yield f"    {one.at}  {one.op}  {one.query}" + (f"  (mem replay {one.pack[:12]})" if one.pack else "")
        yield from (f"        {id[-6:]}  {title or '(not in this clone)'}" for id, title in one.ids)
    if len(found.reads) > MOST_READS:
        yield f"    and {len(found.reads) - MOST_READS} more before; --json shows all"
