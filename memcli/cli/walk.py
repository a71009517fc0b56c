"""`mem review -p`: a person decides candidate by candidate."""

from __future__ import annotations

import typer

from memcli.cli.options import Call
from memcli.cli.output import finding_lines, note, printable
from memcli.cli.promote import show_promoted
from memcli.cli.terminal import ask, coloured, edited
from memcli.core.changes import POLICY, Candidate
from memcli.errors import MemError, Usage
from memcli.operations.gate import Review
from memcli.operations.review import review

_QUESTION = "a accept, r reject, e edit, s skip, q stop"


def decide(this: Call, found: Review) -> None:
    """Walk the candidates, then promote what was accepted and reject what was rejected."""
    if not this.may_ask:
        raise Usage(
            "deciding one by one needs a terminal", "'mem promote --only ID' and 'mem reject ID' do it in steps"
        )
    accepted, rejected = list[str](), list[str]()
    for number, one in enumerate(found.candidates, 1):
        typer.echo(printable(f"\n[{number}/{len(found.candidates)}] {one.title}"))
        typer.echo(coloured(one.diff) if this.color else printable(one.diff))
        for line in finding_lines([each for each in found.findings if each.id == one.id]):
            typer.echo(line)
        answer = ask(_QUESTION, ("a", "r", "e", "s", "q"))
        if answer == "q":
            break
        if answer == "e" and _edit(this, found, one):
            accepted.append(one.id)
        accepted += [one.id] if answer == "a" else []
        rejected += [one.id] if answer == "r" else []
    _carry_out(this, found, accepted, rejected)


def _edit(this: Call, found: Review, one: Candidate) -> bool:
    """Change the candidate in the editor; whether it can be accepted then."""
    from memcli.operations.edit import edit_text, open_source
    from memcli.workspace import Workspace

    if one.change == POLICY:
        note(this, "'mem policy edit' changes the policy")
        return False
    config = this.workspace.config
    there = Workspace(type(config)(**{**vars(config), "session": found.session.name}))
    try:
        source = open_source(there, one.id)
        edit_text(there, source, edited(this, source.document.text()))
        return True
    except MemError as error:
        note(this, f"not changed: {error.message}")
        return False


def _carry_out(this: Call, found: Review, accepted: list[str], rejected: list[str]) -> None:
    from memcli.operations.promote import promote
    from memcli.operations.reject import reject

    name = found.session.name
    if rejected:
        reason = input("why rejected? ").strip() or "not wanted"
        done = reject(this.workspace, name, rejected, reason)
        note(this, f"{len(done.rejected)} rejected")
    if accepted:
        expect = review(this.workspace, name).session.tip
        show_promoted(this, promote(this.workspace, name, only=accepted, expect=expect, consent=True))
    if not accepted and not rejected:
        note(this, "nothing decided; everything is as it was")
