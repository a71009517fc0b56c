"""`mem review`."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Annotated

import typer

from memcli.cli.options import Call, Command, call_of
from memcli.cli.selectors import FromSource, Plain, Topic, Type
from memcli.cli.views.output import print_result
from memcli.cli.views.terminal import progress
from memcli.core.review.candidate_selection import CandidateSelection

if TYPE_CHECKING:
    from memcli.operations.inbox.review_page import ReviewPage

app = typer.Typer()


@app.command("review", cls=Command)
def review_command(
    ctx: typer.Context,
    names: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="[SESSION|ID|GLOB]...",
            help="What to show",
            show_default="all that waits; your session, as an agent",
        ),
    ] = None,
    only: Annotated[
        list[str] | None, typer.Option("--only", metavar="ID", help="Review only this candidate (repeatable)")
    ] = None,
    topic: Topic = None,
    type_: Type = None,
    by: Annotated[
        list[str] | None, typer.Option("--by", metavar="NAME", help="Only by this agent or person (repeatable)")
    ] = None,
    source: FromSource = None,
    clean: Annotated[bool, typer.Option("--clean", help="Only candidates without warnings")] = False,
    web: Annotated[bool, typer.Option("--web", help="Write the page as one HTML file and open it")] = False,
    output: Annotated[
        str | None,
        typer.Option(
            "-o",
            "--output",
            metavar="FILE",
            help="Write the HTML page to FILE; '-': to stdout",
            show_default=".git/mem/review.html",
        ),
    ] = None,
    patch: Annotated[bool, typer.Option("-p", "--patch", help="Decide on each candidate in turn")] = False,
    plain: Plain = False,
) -> None:
    """Show what waits for review, as a pull request page

    By topic: what each candidate says, who proposes it, which front matter
    keys it changes, and what the checks find. Exits with 6 if a finding blocks
    the promotion.
    """
    from memcli.cli.views.plain_page import show_plain_page
    from memcli.cli.views.review_page import show_page
    from memcli.operations.inbox.review_page import waiting_page
    from memcli.operations.review.review import session_to_review

    call = call_of(ctx)
    filters = (tuple(topic or ()), tuple(type_ or ()), tuple(by or ()))
    names_and_ids, sources = (*(names or ()), *(only or ())), tuple(source or ())
    selection = CandidateSelection(names_and_ids, *filters, sources=sources, clean=clean)
    if patch:
        from memcli.cli.interactive_review import ask_about_candidates

        ask_about_candidates(call, selection, plain)
        return
    with progress(call, "checking"):
        is_named = not (any(filters) or sources or clean)
        session = session_to_review(call.workspace, names or ()) if is_named else None
        page = _page(call, session, tuple(only or ())) if session else waiting_page(call.workspace, selection)
    if web or output:
        _write_page(call, page, output, web)
        return
    if plain and not call.flags.json:
        show_plain_page(call, page.waiting)
    else:
        show_page(call, page)
    if page.is_blocked:
        raise typer.Exit(6)


def _page(call: Call, session: str, only: tuple[str, ...]) -> ReviewPage:
    """The page of one session, or of some of its candidates."""
    from memcli.operations.inbox.review_page import session_page
    from memcli.operations.review.gate import GateScope
    from memcli.operations.review.review import review_session

    return session_page(call.workspace, review_session(call.workspace, session, GateScope(only)))


def _write_page(call: Call, page: ReviewPage, output: str | None, opens: bool) -> None:
    """Write the page as HTML, and open it unless it goes to stdout."""
    from memcli.cli.browser import open_page
    from memcli.cli.page_place import page_place
    from memcli.cli.views.quantities import local_time, quantity, time_ago
    from memcli.cli.views.review_page import short_verdict, show_written_page
    from memcli.html.page_file import write_page
    from memcli.html.review_page import review_html

    file = page_place(call, output, "review.html", opens)
    words: dict[str, Callable[..., str]] = {
        "quantity": quantity,
        "time_ago": time_ago,
        "local_time": local_time,
        "verdict": short_verdict,
    }
    html = review_html(page, call.workspace.now, words)
    if file is None:
        print_result(html)
        return
    write_page(file, html)
    show_written_page(call, page, file, open_page(file) if opens else None)
