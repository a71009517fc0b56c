"""The third phase: what stands is brought up to date. Dates, the code it is about, links, grounds, importance."""

from __future__ import annotations

import re
from collections.abc import Iterator

from memcli.core.dream.importance import changed_importance
from memcli.core.dream.relative_dates import with_absolute_dates
from memcli.core.dream.steps import ATTENTION, MERGED, REFRESH, RELINKED, RETIRED, SUPERSEDED, Step
from memcli.core.memory.attention import with_question
from memcli.core.memory.document import Value
from memcli.core.memory.fast_yaml import texts
from memcli.core.memory.identity import id_matches, short
from memcli.operations.dream.code_check import check_against_code
from memcli.operations.dream.context import DreamContext
from memcli.operations.dream.working_tree import MemoryFile

GROUND = "based on "


def refresh_phase(scene: DreamContext) -> None:
    """Bring what stands up to date, in this order: a later step sees what an earlier one wrote."""
    _date(scene)
    _hold_against_code(scene)
    _follow_united(scene)
    _doubt_conclusions(scene)
    _weigh(scene)


def _date(scene: DreamContext) -> None:
    """Relative dates become absolute, seen from the day they were written: so only where nothing was edited since."""
    new = [delta.id for delta in scene.deltas if delta.is_new_content and delta.is_as_written]
    for source in scene.active(new):
        if source.memory.created.date() != source.memory.modified.date():
            continue
        body, replaced = with_absolute_dates(source.memory.body, source.memory.created)
        if not replaced:
            continue
        told = ", ".join(f"{was!r} is {now!r}" for was, now in replaced[:3]) + (", …" if len(replaced) > 3 else "")
        document = source.document.with_body(body).with_values({"modified": scene.at})
        scene.draft.propose(Step(REFRESH, source.memory.id, "dated", told), (source, document))


def _hold_against_code(scene: DreamContext) -> None:
    if scene.ground is not None:
        check_against_code(scene, scene.ground, scene.active(scene.anchored))


def _follow_united(scene: DreamContext) -> None:
    """Links to, and conclusions from, a memory that was united into another one go to that one."""
    for step in [one for one in scene.draft.steps if one.change == MERGED]:
        for gone in step.others:
            for record in scene.draft.view.linking_to(gone):
                source = scene.draft.of(record)
                if source and source.memory.status == "active" and source.memory.id != step.id:
                    _relink(scene, source, gone, step.id)


def _relink(scene: DreamContext, source: MemoryFile, gone: str, heir: str) -> None:
    body = _with_target(source.memory.body, gone, heir)
    based = tuple(dict.fromkeys(heir if one == gone else one for one in texts(source.document.get("based_on"))))
    values: dict[str, Value] = {"based_on": based} if gone in source.memory.based_on else {}
    document = source.document.with_values({**values, "modified": scene.at})
    document = document if body == source.memory.body else document.with_body(body)
    if body != source.memory.body or values:
        step = Step(REFRESH, source.memory.id, RELINKED, f"follows {short(gone)} into {short(heir)}", (heir, gone))
        scene.draft.propose(step, (source, document))


def _with_target(body: str, gone: str, heir: str) -> str:
    """The body with its wiki links to one memory pointing to another; an id may be cut short at either end."""

    def target(match: re.Match[str]) -> str:
        return f"[[{heir}{match[2]}" if id_matches(match[1], gone) else match[0]

    return re.sub(r"\[\[([0-9A-Za-z]{6,26})(?:…|\.\.\.)?((?:\|[^\]\n]*)?\]\])", target, body)


def _doubt_conclusions(scene: DreamContext) -> None:
    """What was concluded from a memory that no longer stands goes to a person."""
    for fallen, how in sorted(_fallen(scene)):
        for record in scene.draft.view.linking_to(fallen, "based_on"):
            source = scene.draft.of(record)
            if source and source.memory.status == "active" and fallen in source.memory.based_on:
                _doubt(scene, source, fallen, how)


def _fallen(scene: DreamContext) -> Iterator[tuple[str, str]]:
    yield from ((one.id, one.after) for one in scene.deltas if one.has_fallen)
    yield from ((one.id, one.change) for one in scene.draft.steps if one.change in (RETIRED, SUPERSEDED))


def _doubt(scene: DreamContext, source: MemoryFile, fallen: str, how: str) -> None:
    known = source.document.get("attention")
    attention = with_question(known, f"{GROUND}{short(fallen)}", f", which is {how}")
    step = Step(REFRESH, source.memory.id, ATTENTION, f"what it is based on is {how}", (fallen,))
    if attention != known:
        scene.remark(source, attention, step)


def _weigh(scene: DreamContext) -> None:
    """Importance of what was read since."""
    for source in scene.active(sorted(scene.uses)):
        reads = scene.uses[source.memory.id]
        found = changed_importance(source.memory, reads, scene.inputs.instant)
        if found is not None:
            step = Step(REFRESH, source.memory.id, "weighed", f"importance {found:g}, shown {reads} times since")
            scene.draft.change(source, {"importance": f"{found:g}"}, step)
