"""`mem review -p`: a person decides candidate by candidate."""

from __future__ import annotations

from collections.abc import Mapping

import typer

from memcli.cli.commands.promote import show_promoted
from memcli.cli.options import Call
from memcli.cli.views.output import finding_lines, note, printable
from memcli.cli.views.terminal import ask, coloured, edited
from memcli.core.review.candidates import POLICY, Candidate
from memcli.errors import Conflict, MemError, Usage
from memcli.operations.review.gate import Review
from memcli.operations.review.review import review_session

_QUESTION = "a accept, r reject, e edit, s skip, q stop"


def decide(this: Call, found: Review) -> None:
    """Walk the candidates, then promote what was accepted and reject what was rejected."""
    if not this.may_ask:
        raise Usage(
            "deciding one by one needs a terminal", "'mem promote --only ID' and 'mem reject ID' do it in steps"
        )
    accepted, rejected = dict[str, str](), list[str]()
    for number, one in enumerate(found.candidates, 1):
        typer.echo(printable(f"\n[{number}/{len(found.candidates)}] {one.title}"))
        typer.echo(coloured(one.diff) if this.color else printable(one.diff))
        for line in finding_lines([each for each in found.findings if each.id == one.id]):
            typer.echo(line)
        answer = ask(_QUESTION, ("a", "r", "e", "s", "q"))
        if answer == "q":
            break
        if answer in ("a", "e"):
            text = one.new_text if answer == "a" else _edit(this, found, one)
            accepted |= {one.id: text} if text else {}
        rejected += [one.id] if answer == "r" else []
    _carry_out(this, found, accepted, rejected)


def _refuse_unseen(again: Review, seen: Mapping[str, str]) -> None:
    """Only what the person has looked at is promoted. Raises Conflict."""
    for one in again.candidates:
        if one.id in seen and one.new_text != seen[one.id]:
            raise Conflict(
                f"{one.title!r} was changed while you decided", f"'mem review {again.session.name} -p' once more"
            )


def _edit(this: Call, found: Review, one: Candidate) -> str:
    """Change the candidate in the editor; its text as it was recorded, empty where it cannot be accepted."""
    from memcli.operations.memories.edit import open_memory, replace_file_text

    if one.change == POLICY:
        note(this, "'mem policy edit' changes the policy")
        return ""
    there = this.workspace.within(found.session.name)
    try:
        source = open_memory(there, one.id)
        replace_file_text(there, source, edited(this, source.document.text()))
        return open_memory(this.workspace.within(found.session.name), one.id).document.text()
    except MemError as error:
        note(this, f"not changed: {error.message}")
        return ""


def _carry_out(this: Call, found: Review, accepted: dict[str, str], rejected: list[str]) -> None:
    from memcli.operations.review.promote import promote
    from memcli.operations.review.reject import reject

    name = found.session.name
    if rejected:
        reason = input("why rejected? ").strip() or "not wanted"
        done = reject(this.workspace, name, rejected, reason)
        note(this, f"{len(done.rejected)} rejected")
    if accepted:
        again = review_session(this.workspace, name)
        _refuse_unseen(again, accepted)
        show_promoted(this, promote(this.workspace, name, only=list(accepted), expect=again.session.tip, consent=True))
    if not accepted and not rejected:
        note(this, "nothing decided; everything is as it was")
