"""`mem report`."""

from __future__ import annotations

from typing import Annotated

import typer

from memcli.cli.options import Command, call_of
from memcli.cli.views.output import hint_init, print_result
from memcli.cli.views.terminal import progress

app = typer.Typer()


@app.command("report", cls=Command)
def report_command(
    ctx: typer.Context,
    output: Annotated[
        str | None,
        typer.Option(
            "-o", "--output", metavar="FILE", help="Write to FILE; '-': to stdout", show_default=".git/mem/report.html"
        ),
    ] = None,
    open: Annotated[bool, typer.Option("--open", help="Open it in your browser")] = False,
    since: Annotated[
        str,
        typer.Option(
            "--since", metavar="DATE|AGE", help="Tell what was learned from then on: 2026-05-01, 7d, yesterday"
        ),
    ] = "7d",
) -> None:
    """Write one HTML file that shows the whole store

    What was learned and by whom, what agents proposed and what became of it,
    open questions, memories whose code has moved on, a timeline, a map, and
    each memory with its history. The file loads nothing from anywhere. It holds
    the whole memory: share it only with those who may read the repository.
    """
    from memcli.cli.browser import open_page
    from memcli.cli.page_place import page_place
    from memcli.cli.views.quantities import local_time, quantity, time_ago
    from memcli.cli.views.report_summary import WrittenPage, show_report
    from memcli.html.page_file import write_page
    from memcli.html.report_page import report_page
    from memcli.operations.report.store_report import collect_report
    from memcli.operations.views.since import parse_since

    call = call_of(ctx)
    start, file = parse_since(since, call.workspace.now), page_place(call, output, "report.html", open)
    with progress(call, "reading the store"):
        report = collect_report(call.workspace, start)
        page = report_page(report, {"quantity": quantity, "time_ago": time_ago, "local_time": local_time})
    if file is None:
        print_result(page)
        return
    write_page(file, page)
    is_opened = open_page(file) if open else None
    show_report(call, report, WrittenPage(file, len(page.encode()), is_opened))
    hint_init(call)
