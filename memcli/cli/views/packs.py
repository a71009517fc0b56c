"""Context packs as `mem hydrate` and `mem replay` print them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from memcli.cli.options import Call
from memcli.cli.views.output import emit, note
from memcli.cli.views.question_lines import questions_data
from memcli.operations.recall.hydrate import Hydrated

if TYPE_CHECKING:
    from memcli.operations.recall.replay import HandedPacks, Replayed


def show_pack(call: Call, hydrated: Hydrated) -> None:
    """Print a pack; where it is empty, say why."""
    emit(call, "hydrate", pack_data(hydrated), lambda: hydrated.text.removesuffix("\n"), list(pack_warnings(hydrated)))
    if not hydrated.text:
        note(call, empty_pack_reason(hydrated))


def empty_pack_reason(hydrated: Hydrated) -> str:
    """Why a pack has no text."""
    return "the budget is too small for a pack" if hydrated.exceeds else "nothing is recorded about this yet"


def pack_data(hydrated: Hydrated) -> dict[str, object]:
    """A pack as the JSON contract has it."""
    items = [{"id": item.id, "title": title, "reason": item.reason, "section": item.section, "trust": item.trust,
              "staleness": item.staleness, "questions": questions_data(hydrated.questions.get(item.id, ()))}
             for item, title in hydrated.items]  # fmt: skip
    sections = [{"section": name, "count": count, "command": command} for name, count, command in hydrated.left_out]
    return {"pack": hydrated.pack, "tree": hydrated.tree, "tokens": hydrated.tokens, "chars": len(hydrated.text),
            "items": items, "left_out": sum(count for _, count, _ in hydrated.left_out),
            "sections_left_out": sections, "degraded": hydrated.degraded, "text": hydrated.text}  # fmt: skip


def pack_warnings(hydrated: Hydrated) -> Iterator[str]:
    """What somebody who is given the pack has to know beside it."""
    if hydrated.degraded:
        yield hydrated.degraded
    if not hydrated.kept:
        yield "the pack could not be stored here; only a session's record of reads can replay it"


def show_replayed(call: Call, replayed: Replayed) -> None:
    """Print a pack again."""
    from memcli.operations.recall.replay import RECOMPUTED  # `mem hydrate` needs nothing of it

    warnings = list(_replay_warnings(replayed))
    emit(call, "replay", _replayed_data(replayed), lambda: replayed.text.removesuffix("\n"), warnings)
    if replayed.source == RECOMPUTED and replayed.matches:
        note(call, "rendered again from the record of its read; the hash matches")


def show_handed(call: Call, handed: HandedPacks) -> None:
    """Print the packs that the sessions of a code commit had been given before it."""
    packs = [{**_replayed_data(pack.pack), "at": pack.at, "session": pack.session} for pack in handed.packs]
    sessions = [{"session": session.session, "evidence": session.evidence, "certainty": session.certainty}
                for session in handed.sessions]  # fmt: skip
    data = {"commit": handed.commit, **sessions[0], "sessions": sessions, "packs": packs}
    texts = [pack.pack.text for pack in handed.packs]
    warnings = [warning for pack in handed.packs for warning in _replay_warnings(pack.pack)]
    emit(call, "replay", data, lambda: "\n".join(texts).removesuffix("\n"), [*warnings, *handed.lost])
    for session in handed.sessions:
        note(call, f"{handed.commit[:10]} was made in {session.session} ({session.certainty}, by {session.evidence})")
    for pack in handed.packs:
        note(call, f"{pack.pack.pack[:12]} was given to {pack.session} at {pack.at}")


def _replayed_data(replayed: Replayed) -> dict[str, object]:
    return {"pack": replayed.pack, "source": replayed.source, "matches": replayed.matches, "text": replayed.text}


def _replay_warnings(replayed: Replayed) -> Iterator[str]:
    if replayed.damage:
        yield f"the stored bytes are damaged: {replayed.damage}"
    if not replayed.matches:
        yield "the pack rendered again differs from the one that was read"
