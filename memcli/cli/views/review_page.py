"""What waits as a page: the sessions, the candidates by topic or source, and what to do next."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

import typer

from memcli.cli.options import Call
from memcli.cli.page_place import shown_place
from memcli.cli.views.candidate_entry import findings_below, page_entry_lines
from memcli.cli.views.display_width import READABLE, cut_to_width, screen_width, wrapped
from memcli.cli.views.dream_report import dream_data, dream_lines
from memcli.cli.views.merges import other_lines
from memcli.cli.views.output import emit, note, print_result, printable
from memcli.cli.views.quantities import quantity, time_ago
from memcli.cli.views.review_data import review_data, waiting_data
from memcli.cli.views.styles import bold, coloured, dim
from memcli.cli.views.terminal import page_through
from memcli.core.review.page_order import PageTopic, last_change, page_topics
from memcli.core.review.verdict import BLOCKED, BY_PERSON, EMPTY, PROMOTABLE
from memcli.core.review.waiting_candidate import WaitingCandidate
from memcli.operations.inbox.review_page import ReviewPage
from memcli.operations.review.gate import Review
from memcli.operations.review.waiting import Waiting, waiting_in

_VERDICTS = {
    EMPTY: ("nothing to promote", None),
    BLOCKED: ("blocked; fix the blocking findings first", "red"),
    BY_PERSON: ("requires approval by a person", "yellow"),
    PROMOTABLE: ("can be promoted", "green"),
}


def show_page(call: Call, page: ReviewPage) -> None:
    """Print the page, through the pager at a terminal."""
    waiting = page.waiting
    if call.flags.json or not waiting.reviews:
        emit(call, "review", _page_data(page), lambda: "nothing awaits review")
        return
    if not waiting.candidates and any(review.candidates for review in waiting.reviews):
        print_result("no candidate is without warnings")
        note(call, "next: 'mem review' shows all that waits")
        return
    lines = _session_steps(call, page.session) if page.session else _summary(call, waiting, page.result)
    dream = ["", *dream_lines(page.dream)] if page.dream else []
    page_through(call, "\n".join([*page_lines(call, waiting), *dream, *lines]))


def show_written_page(call: Call, page: ReviewPage, file: Path, is_opened: bool | None) -> None:
    """Print where the page is; `is_opened`: a browser was started, None where nobody asked for one."""
    data = {**_page_data(page), "path": str(file.absolute()), "opened": bool(is_opened)}
    emit(call, "review", data, lambda: printable(shown_place(file)))
    if is_opened is False:
        note(call, "no browser was found here; open the file in one")


def _page_data(page: ReviewPage) -> dict[str, Any]:
    if page.session is None:
        return waiting_data(page.waiting, page.result)
    return {**review_data(page.session), "dream": dream_data(page.dream) if page.dream else None}


def show_nothing_waiting(call: Call) -> None:
    """Print that no session awaits review."""
    emit(call, "review", waiting_data(Waiting((), ()), None), lambda: "nothing awaits review")


def page_lines(call: Call, waiting: Waiting) -> Iterator[str]:
    """The sessions, then the candidates by topic or source."""
    width = screen_width()
    reviews = waiting.reviews
    for review in reviews:
        yield from _session_lines(call, review, waiting, width)
    for topic in page_topics(waiting.candidates):
        yield from ("", _topic_line(call, topic, width))
        for entry in topic.entries:
            yield ""
            yield from page_entry_lines(call, entry, width)


def _topic_line(call: Call, topic: PageTopic, width: int) -> str:
    name = f"{printable(topic.name)} · {quantity(len(topic.entries), 'candidate')} "
    return bold(call, f"── {name}{'─' * (min(width, READABLE) - len(name) - 3)}")


def _session_lines(call: Call, review: Review, waiting: Waiting, width: int) -> Iterator[str]:
    """Who proposes what, the verdict, and what is about no candidate."""
    session, room = review.session, min(width, READABLE)
    task = f": {' '.join(printable(session.task).split())}" if session.task else ""
    title = cut_to_width(session.name + task, room)
    yield bold(call, title)
    updated = last_change(waiting.candidates, session.name) or session.updated
    age = time_ago(updated, call.workspace.now) if updated else ""
    facts = (printable(session.agent or session.author), age, _counts(review) or "no candidates")
    yield f"  {', '.join(filter(None, facts))}: {verdict_text(call, review)}"
    if len(waiting.reviews) == 1:
        yield dim(call, f"  on {session.base[:10]}, tip {session.tip[:10]}, merged into {review.merge.main[:10]}")
    if session.opinion:
        yield from (f"  {row}" for row in wrapped(printable(f"the reviewer says: {session.opinion}"), room - 2))
    yield from findings_below(call, review.session_findings, room)
    if review.merge.others:
        yield "  changed with them:"
        yield from (f"  {line}" for line in other_lines(review))
    yield from (
        printable(f"  rejected before: {candidate.title} ({candidate.id[-6:]})") for candidate in review.rejected
    )


def _counts(review: Review) -> str:
    changes = [candidate.change for candidate in review.candidates]
    kinds = ("added", "changed", "retired", "policy")
    return ", ".join(f"{changes.count(kind)} {kind}" for kind in kinds if kind in changes)


def verdict_text(call: Call, review: Review) -> str:
    """The verdict in words, coloured where the call wants colour."""
    return coloured(call, *_VERDICTS[review.verdict])


def short_verdict(review: Review) -> str:
    """The verdict in a few words."""
    return _VERDICTS[review.verdict][0].partition(";")[0]


def _summary(call: Call, waiting: Waiting, result: str | None) -> Iterator[str]:
    """How much of it is clean, what is blocked, what would land, and the next commands."""
    candidates, clean, blocked = waiting.candidates, waiting.clean, waiting.blocked
    counts = [f"{len(clean)} clean"]
    counts += [f"{waiting.warned} with warnings"] if waiting.warned else []
    counts += [f"{len(blocked)} blocked"] if blocked else []
    sessions = quantity(len(waiting.reviews), "session")
    yield ""
    yield bold(call, f"{quantity(len(candidates), 'candidate')} of {sessions}: {', '.join(counts)}")
    if blocked:
        names = ", ".join(f"{candidate.id[-6:]} ({candidate.session})" for candidate in blocked)
        yield from wrapped(f"blocked: {names}", READABLE)
    if result:
        yield f"result {result[:10]}"
    yield from _steps(call, [*_next_steps(clean, candidates), *_source_steps(candidates)])


def _next_steps(clean: Sequence[WaitingCandidate], candidates: Sequence[WaitingCandidate]) -> Iterator[tuple[str, str]]:
    if clean:
        yield "mem promote --clean", f"promotes what is clean ({len(clean)})"
    if len(clean) < len(candidates):
        yield "mem reject ID -m WHY", "rejects what is wrong"
    if candidates:
        yield "mem review -p", "decides one by one"
        yield "mem ui", "decides in a full-screen view"


def _source_steps(candidates: Iterable[WaitingCandidate]) -> Iterator[tuple[str, str]]:
    """How to decide about all that was found in one source."""
    counts = Counter(candidate.source for candidate in candidates if candidate.source)
    if counts:
        name, _ = counts.most_common(1)[0]
        listed = ", ".join(f"{source} ({count})" for source, count in counts.most_common())
        yield f"mem promote --source {name}", f"promotes one source as a whole, 'mem reject' rejects it: {listed}"


def _session_steps(call: Call, review: Review) -> Iterator[str]:
    """What would land, and what to do with a session's candidates."""
    if not review.candidates:
        return
    name = review.session.name
    yield from ("", f"result {review.result[:10]}")
    if review.verdict == BLOCKED:
        steps = [
            (f"mem promote {name} --skip-blocked", "promotes the others"),
            (f"mem reject {name} ID", "rejects one"),
        ]
    else:
        only = "".join(f" --only {candidate.id[-6:]}" for candidate in review.chosen) if review.left else ""
        steps = [(f"mem promote {name}{only} --expect {review.result[:10]}", "promotes exactly this")]
    by_source = _source_steps(waiting_in(review).candidates)
    yield from _steps(call, [*steps, (f"mem review {name} -p", "decides one by one"), *by_source])


def _steps(call: Call, steps: Iterator[tuple[str, str]] | Sequence[tuple[str, str]]) -> Iterator[str]:
    """The next commands, each with what it does."""
    rows = [] if call.flags.quiet else list(steps)
    column = max((len(command) for command, _ in rows), default=0)
    for number, (command, purpose) in enumerate(rows):
        yield f"{'next: ' if number == 0 else '      '}{bold(call, command.ljust(column))}  {purpose}"


def show_for_approval(call: Call, review: Review) -> None:
    """Print the page on stderr, for the question that follows."""
    lines = [*page_lines(call, waiting_in(review)), "", f"result {review.result[:10]}", ""]
    typer.echo("\n".join(lines), err=True)
