"""`mem hydrate`, `replay`."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, Annotated

import typer

from memcli.cli.options import Call, Command, call
from memcli.cli.views.output import emit, hint_init, note
from memcli.errors import Usage

if TYPE_CHECKING:
    from memcli.operations.recall.replay import Replayed

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
    from memcli.operations.recall.hydrate import HydrateRequest, hydrate

    this = call(ctx)
    found = hydrate(
        this.workspace, HydrateRequest(task, paths=path or (), budget=budget, hook=occasion.value if occasion else None)
    )
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
    pack: Annotated[
        str | None, typer.Argument(metavar="PACK", help="A pack's hash, or six or more of its first digits")
    ] = None,
    commit: Annotated[
        str | None, typer.Option(metavar="SHA", help="All that the session of this code commit had been handed before")
    ] = None,
) -> None:
    """Print a pack again, byte for byte: from its kept bytes, else from what its session recorded"""
    from memcli.operations.recall.replay import RECOMPUTED, replay

    this = call(ctx)
    if (pack is None) == (commit is None):
        raise Usage("name a pack or a code commit", "'mem replay PACK', or 'mem replay --commit SHA'")
    if pack is None:
        _replay_commit(this, commit or "")
        return
    found = replay(this.workspace, pack)
    warnings = _warnings(found)
    emit(this, "replay", _data(found), lambda: found.text.removesuffix("\n"), warnings)
    if found.source == RECOMPUTED and found.matches:
        note(this, "rendered again from the record of its read; it matches")


def _data(found: Replayed) -> dict[str, object]:
    return {"pack": found.pack, "source": found.source, "matches": found.matches, "text": found.text}


def _warnings(found: Replayed) -> list[str]:
    warnings = [f"the kept bytes are damaged: {found.damage}"] if found.damage else []
    return warnings + ([] if found.matches else ["the pack rendered again does not match the one that was read"])


def _replay_commit(this: Call, commit: str) -> None:
    from memcli.operations.recall.replay import replay_commit

    found = replay_commit(this.workspace, commit)
    packs = [{**_data(one), "at": at} for at, one in found.packs]
    data = {"commit": found.commit, "session": found.session, "packs": packs}
    warnings = [words for _, one in found.packs for words in _warnings(one)] + list(found.lost)
    emit(this, "replay", data, lambda: "\n".join(one.text for _, one in found.packs).removesuffix("\n"), warnings)
    for at, one in found.packs:
        note(this, f"{one.pack[:12]} was handed to {found.session} at {at}")
