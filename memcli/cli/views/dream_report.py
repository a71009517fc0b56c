"""A dream as it is shown: its JSON and its report."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import TYPE_CHECKING, Any

from memcli.cli.views.output import counted, printable, refusals_data
from memcli.core.text.first_few import first_few

if TYPE_CHECKING:
    from memcli.core.dream.steps import Step
    from memcli.operations.dream.curate import Guest
    from memcli.operations.dream.dream import Dreamt
    from memcli.operations.dream.report import Report

GATES = {
    "time": "the last dream was not long enough ago",
    "sessions": "too few sessions have ended since the last one",
    "lock": "another dream is running",
    "nothing-new": "nothing has changed since the last one",
}


def data(done: Dreamt, dry_run: bool = False) -> dict[str, Any]:
    """The fields of the JSON contract."""
    changes = [_entry(step) for step in done.steps if not step.asks]
    asks = [
        {"id": step.id, "with": list(step.others), "reason": step.reason, "phase": step.phase}
        for step in done.steps
        if step.asks
    ]
    report = done.report
    return {
        "ran": done.ran, "gate": done.gate, "session": done.session, "state": done.state, "resumed": done.resumed,
        "watermark": {"from": done.since or None, "to": done.until or None}, "changes": changes, "attention": asks,
        "commit": done.commit, "dry_run": dry_run,
        "measures": vars(report.measures) if report else None, "left_for_the_next": bool(report and report.full),
        "curator": _guest(done.guest) if done.guest else None,
    }  # fmt: skip


def _entry(step: Step) -> dict[str, Any]:
    return {"phase": step.phase, "id": step.id, "with": list(step.others), "change": step.change, "reason": step.reason}


def _guest(guest: Guest) -> dict[str, Any]:
    return {"taken": guest.taken, "refused": refusals_data(guest.refused), "failure": guest.failure or None}


def lines(done: Dreamt, dry_run: bool = False) -> list[str]:
    """The report for a person: what changed and why, what is to be settled, what it does to recall."""
    if not done.ran:
        return [f"no dream: {GATES.get(done.gate or '', done.gate)}"]
    if not done.steps:
        return ["nothing to change" + (f" ({done.session})" if done.session else ""), *_curated(done.guest)]
    told = [_head(done, dry_run), *_phases(done), *_asked(done), *_curated(done.guest)]
    return [*told, *(_measured(done.report) if done.report else ())]


def _curated(guest: Guest | None) -> Iterator[str]:
    if guest is None:
        return
    yield (
        printable(f"\nthe curator changed nothing: {guest.failure}")
        if guest.failure
        else (f"\nof the curator {counted(guest.taken, 'edit', 'edits')} taken, {len(guest.refused)} refused")
    )
    yield from (printable(f"  refused {one.form or 'edit'} {one.id[-6:]}: {one.reason}") for one in guest.refused[:20])


def _head(done: Dreamt, dry_run: bool) -> str:
    changes = [step for step in done.steps if not step.asks]
    words = "would propose" if dry_run else {"promoted": "promoted", "closed": "found"}.get(done.state, "proposes")
    told = counted(len(changes), "change", "changes")
    asks = len(done.steps) - len(changes)
    return f"{done.session or 'a dream'} {words} {told}" + (f", {asks} to be settled by a person" if asks else "")


def _phases(done: Dreamt) -> Iterator[str]:
    changes = [step for step in done.steps if not step.asks]
    for phase, steps in groupby(changes, key=lambda step: step.phase):
        yield f"\n{phase}"
        yield from (_line(step, done.report) for step in steps)


def _asked(done: Dreamt) -> Iterator[str]:
    asks = [step for step in done.steps if step.asks]
    if asks:
        yield "\nto be settled ('mem resolve ID' once it is)"
        yield from (_line(step, done.report) for step in asks)


def _line(step: Step, report: Report | None) -> str:
    others = f" with {_names(step.others, report)}" if step.others else ""
    return printable(f"  {step.change:<10} {_name(step.id, report)}{others}: {step.reason}")


def _names(ids: Sequence[str], report: Report | None) -> str:
    return first_few((_name(one, report) for one in ids), 5)


def _name(memory_id: str, report: Report | None) -> str:
    title = report.titles.get(memory_id, "") if report else ""
    return f"{memory_id[-6:]} {title[:60]!r}" if title else memory_id[-6:]


def _measured(report: Report) -> Iterator[str]:
    found = report.measures
    yield "\nbefore and after"
    yield f"  active memories  {found.active[0]:,} → {found.active[1]:,}"
    yield f"  front page       {found.front_tokens[0]:,} → {found.front_tokens[1]:,} tokens"
    if None not in found.pack_tokens:
        yield f"  average pack     {found.pack_tokens[0]:,} → {found.pack_tokens[1]:,} tokens"
    if found.replayed:
        asked = counted(found.replayed, "recorded question", "recorded questions")
        yield f"  {asked} asked again, {counted(len(found.lost), 'answer', 'answers')} lost"
    for one in found.lost:
        yield printable(f"    lost: {one.query[:60]!r} no longer finds {one.id[-6:]} {one.title[:60]!r}: {one.reason}")
    if report.full:
        yield "  there was no room for more changes: the rest is left for the next dream"
