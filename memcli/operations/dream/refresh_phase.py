"""The third phase brings memories up to date: dates, the code they are about, links and conclusions."""

from __future__ import annotations

import re
from collections.abc import Iterator

from memcli.core.dream.relative_dates import with_absolute_dates
from memcli.core.dream.steps import ATTENTION, MERGED, REFRESH, RELINKED, RETIRED, SUPERSEDED, Step
from memcli.core.memory.document import Document, Value
from memcli.core.memory.fast_yaml import texts
from memcli.core.memory.identity import id_matches, short
from memcli.core.memory.questions import DOUBT, with_question
from memcli.core.memory.titles import with_followed_title
from memcli.operations.dream.code_check import CodeCheck
from memcli.operations.dream.dream_context import DreamContext
from memcli.operations.dream.working_tree import TreeFile

_LINK = re.compile(r"\[\[([0-9A-Za-z]{6,26})(?:…|\.\.\.)?((?:\|[^\]\n]*)?\]\])")


def refresh_phase(context: DreamContext) -> None:
    """Bring memories up to date. The order matters: a later step sees what an earlier one wrote."""
    _make_dates_absolute(context)
    if context.code is not None:
        CodeCheck(context, context.code).run(context.tree.active(context.to_check_against_code))
    _relink_to_merged(context)
    _question_conclusions(context)


def _make_dates_absolute(context: DreamContext) -> None:
    """Make relative dates absolute in memories that were not edited since the day they were written."""
    new = [history.id for history in context.histories if history.is_new_content and history.is_as_written]
    for file in context.tree.active(new):
        if file.memory.created.date() != file.memory.modified.date():
            continue
        body, replaced = with_absolute_dates(file.memory.body, file.memory.created)
        if replaced:
            shown = ", ".join(f"{old!r} is {new!r}" for old, new in replaced[:3])
            reason = shown + (", …" if len(replaced) > 3 else "")
            document = _with_absolute_title(file, file.document.with_body(body)).with_values({"modified": context.at})
            context.tree.propose(Step(REFRESH, file.id, "dated", reason), (file, document))


def _with_absolute_title(file: TreeFile, document: Document) -> Document:
    """The document with the title that its body now gives, or else with absolute dates in the author's own."""
    title, _ = with_absolute_dates(file.memory.title, file.memory.created)
    followed = with_followed_title(file.document, document)
    return followed if followed != document else document.with_values({"title": title})


def _relink_to_merged(context: DreamContext) -> None:
    """Make links to, and conclusions from, a merged memory refer to the memory that it was merged into."""
    for step in [step for step in context.tree.steps if step.change == MERGED]:
        for replaced in step.others:
            for summary in context.tree.view.linking_to(replaced):
                file = context.tree.file_of(summary)
                if file and file.memory.status == "active" and file.id != step.id:
                    _relink(context, file, replaced, step.id)


def _relink(context: DreamContext, file: TreeFile, replaced: str, successor: str) -> None:
    body = _with_links_to(successor, replaced, file.memory.body)
    sources = (successor if one == replaced else one for one in texts(file.document.get("based_on")))
    values: dict[str, Value] = {}
    if replaced in file.memory.based_on:
        values["based_on"] = tuple(dict.fromkeys(sources))
    if body == file.memory.body and not values:
        return
    document = file.document.with_values({**values, "modified": context.at})
    if body != file.memory.body:
        document = with_followed_title(document, document.with_body(body))
    reason = f"{short(replaced)} was merged into {short(successor)}"
    step = Step(REFRESH, file.id, RELINKED, reason, (successor, replaced))
    context.tree.propose(step, (file, document))


def _with_links_to(successor: str, replaced: str, body: str) -> str:
    """The body with its wiki links to a replaced memory, full or shortened ids, pointing to the successor."""

    def target(match: re.Match[str]) -> str:
        return f"[[{successor}{match[2]}" if id_matches(match[1], replaced) else match[0]

    return _LINK.sub(target, body)


def _question_conclusions(context: DreamContext) -> None:
    """Ask a person about memories that were concluded from one that is no longer active."""
    for memory_id, status in sorted(_deactivated(context)):
        for summary in context.tree.view.linking_to(memory_id, "based_on"):
            file = context.tree.file_of(summary)
            if file and file.memory.status == "active" and memory_id in file.memory.based_on:
                _question_conclusion(context, file, memory_id, status)


def _deactivated(context: DreamContext) -> Iterator[tuple[str, str]]:
    """(id, status) of the memories that stopped being active, before or in this dream."""
    yield from ((history.id, history.after) for history in context.histories if history.was_deactivated)
    yield from ((step.id, step.change) for step in context.tree.steps if step.change in (RETIRED, SUPERSEDED))


def _question_conclusion(context: DreamContext, file: TreeFile, basis: str, status: str) -> None:
    step = Step(REFRESH, file.id, ATTENTION, f"what it is based on is {status}", (basis,), DOUBT)
    attention = with_question(file.document.get("attention"), step.asked(context.at))
    if attention != file.memory.attention:
        context.set_attention(file, attention, step)
