"""`mem resolve`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from memcli.cli.draft_option import DraftCommand, DraftName, refuse_beside_draft
from memcli.cli.options import Call, call_of
from memcli.cli.selectors import Plain
from memcli.cli.views.question_sides import show_case, show_questions, show_resolved
from memcli.errors import Usage

if TYPE_CHECKING:
    from memcli.operations.memories.question_case import QuestionCase
    from memcli.operations.memories.resolve import ResolveRequest

app = typer.Typer()


@app.command("resolve", cls=DraftCommand)
def resolve_command(
    ctx: typer.Context,
    id: Annotated[
        str | None, typer.Argument(metavar="ID", help="Memory to resolve", show_default="list all open questions")
    ] = None,
    keep: Annotated[
        str | None, typer.Option(metavar="ID|ours|theirs|both", help="Keep this memory, this version, or both")
    ] = None,
    edit: Annotated[
        bool, typer.Option("--edit", help="Correct the memory in your editor, beside the other text")
    ] = False,
    retire: Annotated[bool, typer.Option("--retire", help="Retire the memory: it no longer holds")] = False,
    about: Annotated[
        str | None,
        typer.Option("--with", metavar="ID|KIND", help="Which question, where the memory has several"),
    ] = None,
    because: Annotated[str, typer.Option(metavar="TEXT", help="Reason to record with the answer")] = "",
    plain: Plain = False,
    draft: DraftName = None,
) -> None:
    """List open questions, or answer one

    A question is what only a person can settle: a conflict (two versions of
    one memory), a contradiction or near-duplicate (two memories), or a doubt
    (the code or the reasons of a memory have changed). With an ID alone,
    shows both sides and asks; the answer is a candidate of your session, and
    the same question is not asked again until one of the memories changes.
    """
    from memcli.operations.memories.open_questions import open_questions
    from memcli.operations.memories.question_case import choose_group, open_case
    from memcli.operations.memories.resolve import ResolveRequest, resolve

    call = call_of(ctx)
    if sum((keep is not None, edit, retire)) > 1:
        raise Usage("--keep, --edit and --retire exclude each other", "give one of them")
    refuse_beside_draft(draft, **{"--keep": keep, "--retire": retire})
    if id is None:
        if keep or edit or retire or about:
            raise Usage("an answer needs the ID of a memory", "'mem resolve' lists the open questions")
        show_questions(call, open_questions(call.workspace))
        return
    case = open_case(call.workspace, id)
    request = ResolveRequest(keep, None, retire, about, because)
    if edit or draft:
        from memcli.cli.typed_answers import answer_in_editor  # few call it

        group = choose_group(case, None, about)
        show_resolved(call, answer_in_editor(call, case, group, request, draft))
    elif keep is None and not retire:
        _ask(call, case, request, plain)
    else:
        show_resolved(call, resolve(call.workspace, case, request))


def _ask(call: Call, case: QuestionCase, request: ResolveRequest, is_plain: bool) -> None:
    """Show the sides of each question and ask; where nobody can be asked, only show them. Raises Usage then."""
    from memcli.cli.interactive_resolve import ask_each
    from memcli.operations.memories.question_case import refuse_without_choice

    if call.may_prompt:
        ask_each(call, case, request, is_plain)
        return
    show_case(call, case, is_plain)
    raise refuse_without_choice(case)
