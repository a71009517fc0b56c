"""`mem hydrate`, `replay`."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

import typer

from memcli.cli.options import Command, call
from memcli.cli.output import emit, hint_init, note

app = typer.Typer()


class Occasion(StrEnum):
    """When harnesses ask for packs."""

    session_start = "session-start"
    prompt = "prompt"
    compact = "compact"


@app.command("hydrate", cls=Command)
def hydrate_command(
    ctx: typer.Context,
    task: Annotated[str, typer.Option(metavar="TEXT", help="What is about to be done")] = "",
    path: Annotated[list[str] | None, typer.Option("--path", help="A code path in question (repeatable)")] = None,
    budget: Annotated[
        int | None,
        typer.Option(min=1, metavar="TOKENS", help="At most this many, 4 characters each; else the policy's"),
    ] = None,
    occasion: Annotated[
        Occasion | None, typer.Option("--for", help="For a hook of that kind: never over 9,000 characters")
    ] = None,
) -> None:
    """Print the pack: a bounded block of cited memories about the branch, the task and the paths in question"""
    from memcli.operations.hydrate import hydrate

    this = call(ctx)
    found = hydrate(this.workspace, task, path or (), budget, occasion.value if occasion else None)
    items = [{"id": one.id, "title": title, "reason": one.reason, "section": one.section, "trust": one.trust,
              "staleness": one.staleness} for one, title in found.items]  # fmt: skip
    sections = [{"section": name, "count": count, "command": words} for name, count, words in found.left_out]
    data = {"pack": found.pack, "tree": found.tree, "tokens": found.tokens, "chars": len(found.text), "items": items,
            "left_out": sum(count for _, count, _ in found.left_out), "sections_left_out": sections,
            "degraded": found.degraded, "text": found.text}  # fmt: skip
    warnings = [found.degraded] if found.degraded else []
    warnings += [] if found.kept else ["the pack could not be kept here; a session's read still tells what it held"]
    emit(this, "hydrate", data, lambda: found.text.removesuffix("\n"), warnings)
    if not found.text:
        note(this, "the budget is too small for a pack" if found.exceeds else "the memory has nothing to say here yet")
    hint_init(this)


@app.command("replay", cls=Command)
def replay_command(
    ctx: typer.Context,
    pack: Annotated[str, typer.Argument(metavar="PACK", help="A pack's hash, or six or more of its first digits")],
) -> None:
    """Print a pack again, byte for byte: from its kept bytes, else from what its session recorded"""
    from memcli.operations.replay import RECOMPUTED, replay

    this = call(ctx)
    found = replay(this.workspace, pack)
    data = {"pack": found.pack, "source": found.source, "matches": found.matches, "text": found.text}
    warnings = [f"the kept bytes are damaged: {found.damage}"] if found.damage else []
    warnings += [] if found.matches else ["the pack rendered again does not match the one that was read"]
    emit(this, "replay", data, lambda: found.text.removesuffix("\n"), warnings)
    if found.source == RECOMPUTED and found.matches:
        note(this, "rendered again from the record of its read; it matches")
