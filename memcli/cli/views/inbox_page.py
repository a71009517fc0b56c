"""What `mem` alone prints: the state of the store, all that waits for a decision, and the next command."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from memcli.cli.options import Call
from memcli.cli.views.display_width import READABLE, cut_to_width, display_width, padded, screen_width
from memcli.cli.views.output import emit, print_result, printable
from memcli.cli.views.quantities import quantity, time_ago
from memcli.cli.views.question_lines import question_data
from memcli.cli.views.store_lines import store_line, unrecorded_lines
from memcli.cli.views.styles import SIGNS, bold, coloured, dim
from memcli.core.memory.identity import short
from memcli.operations.inbox.inbox import Inbox, NextStep
from memcli.operations.inbox.waiting_session import InboxCandidate, InboxSession
from memcli.operations.memories.store_questions import OpenQuestion

_TITLES, _FEWEST_TITLES, _QUESTIONS = 18, 2, 5
"""Titles of candidates on the page, at least of each session; open questions on it."""
_LONGEST_NAME, _LONGEST_NOTE = 24, 30
_WELCOME = (
    "mem gives this repository a memory: agents and people write down what they learn,",
    "a review decides what is shared, and recall puts it in front of the next agent.",
    "",
    "next: mem init",
)


def show_welcome() -> None:
    """Print what mem is, in a repository that has no store yet."""
    print_result("\n".join(_WELCOME))


def show_inbox(call: Call, inbox: Inbox) -> None:
    """Print the inbox."""
    emit(call, "inbox", _inbox_data(inbox), lambda: "\n".join(_page(call, inbox)))


def _page(call: Call, inbox: Inbox) -> Iterator[str]:
    width = screen_width()
    yield cut_to_width(store_line(inbox.state), width)
    yield from (cut_to_width(printable(line), width) for line in unrecorded_lines(inbox.state))
    for section in (_session_lines, _question_lines, _dream_lines):
        lines = list(section(call, inbox, width))
        if lines:
            yield from ("", *lines)
    if not (inbox.sessions or inbox.questions or inbox.dream):
        yield "nothing waits for a decision"
    yield from ("", *_next_lines(call, inbox.next_steps))


def _session_lines(call: Call, inbox: Inbox, width: int) -> Iterator[str]:
    if not inbox.sessions:
        return
    yield bold(call, cut_to_width(_head_line(inbox), width))
    name_width = min(_LONGEST_NAME, max(display_width(session.name) for session in inbox.sessions))
    most = max(_FEWEST_TITLES, _TITLES // len(inbox.sessions))
    column = _title_column([candidate for session in inbox.sessions for candidate in _first(session, most)], width)
    for session in inbox.sessions:
        yield _head(call, session, name_width, width)
        yield from _title_lines(call, session, most, column)
        if session.unsaved:
            yield f"  {coloured(call, quantity(session.unsaved, 'file'), 'red')} that cannot be saved"


def _head_line(inbox: Inbox) -> str:
    """How much waits and, as far as it was reviewed, what was found."""
    candidates = [candidate for session in inbox.sessions if session.is_checked for candidate in session.candidates]
    blocked = sum(candidate.is_blocked for candidate in candidates)
    clean = sum(not candidate.findings for candidate in candidates)
    counts = {"clean": clean, "with warnings": len(candidates) - clean - blocked, "blocked": blocked,
              "not checked yet": inbox.candidates - len(candidates)}  # fmt: skip
    told = ", ".join(f"{count} {name}" for name, count in counts.items() if count)
    head = f"{quantity(inbox.candidates, 'candidate')} in {quantity(len(inbox.sessions), 'session')} to review"
    return f"{head}: {told}" if candidates else head


def _head(call: Call, session: InboxSession, name_width: int, width: int) -> str:
    """Name, author, age and task in one line."""
    name = padded(cut_to_width(printable(session.name), name_width), name_width)
    age = time_ago(session.updated, call.workspace.now) if session.updated else ""
    facts = printable(", ".join(filter(None, (session.author, age, _branch_text(session)))))
    rest = cut_to_width(facts + (f": {printable(session.task)}" if session.task else ""), width - name_width - 2)
    return f"{bold(call, name)}  {rest}"


def _branch_text(session: InboxSession) -> str:
    if session.merged_into:
        return f"its branch was merged into {session.merged_into}"
    return "its branch is gone" if session.branch else ""


def _first(session: InboxSession, most: int) -> Sequence[InboxCandidate]:
    """The candidates that are shown: a single one more is shown rather than counted."""
    return session.candidates if len(session.candidates) <= most + 1 else session.candidates[:most]


def _title_column(candidates: Sequence[InboxCandidate], width: int) -> int:
    """The cells of the column of titles, behind which ids and findings have room."""
    notes = max((len(_note(candidate)) for candidate in candidates), default=0)
    longest = max((display_width(printable(candidate.title)) for candidate in candidates), default=0)
    return min(longest, width - 12 - notes, READABLE)


def _title_lines(call: Call, session: InboxSession, most: int, column: int) -> Iterator[str]:
    """The first titles, each with its short id and what was found, and how many more there are."""
    shown = _first(session, most)
    for candidate in shown:
        title = padded(cut_to_width(printable(candidate.title), column), column)
        note = coloured(call, _note(candidate), "red" if candidate.is_blocked or candidate.conflicts else "yellow")
        yield f"  {SIGNS.get(candidate.change, '~')} {title}  {dim(call, candidate.id[-6:])}{note}"
    if len(session.candidates) > len(shown):
        yield dim(call, f"  … and {len(session.candidates) - len(shown)} more")


def _note(candidate: InboxCandidate) -> str:
    """What was found about a candidate, with two spaces before it; empty where nothing was."""
    checks = dict.fromkeys((*candidate.findings, *(["conflict"] if candidate.conflicts else [])))
    return f"  {cut_to_width(', '.join(checks), _LONGEST_NOTE)}" if checks else ""


def _question_lines(call: Call, inbox: Inbox, width: int) -> Iterator[str]:
    if not inbox.questions:
        return
    yield bold(call, quantity(len(inbox.questions), "open question"))
    for asked in inbox.questions[:_QUESTIONS]:
        yield from _asked_lines(call, asked, width)
    if len(inbox.questions) > _QUESTIONS:
        yield dim(call, f"  … and {len(inbox.questions) - _QUESTIONS} more")


def _asked_lines(call: Call, asked: OpenQuestion, width: int) -> Iterator[str]:
    """Kind and day, then the titles of its memories below each other."""
    question, room = asked.question, min(width - 14, READABLE)
    reason = cut_to_width(f"since {question.since}: {printable(question.reason)}", width - len(question.kind) - 3)
    yield f"  {coloured(call, question.kind, 'yellow')} {reason}"
    memories = (asked.holder, *asked.others)
    titles = [cut_to_width(printable(memory.title), room) for memory in memories]
    column = max(map(display_width, titles))
    for memory, title in zip(memories, titles, strict=True):
        yield f"    {padded(title, column)}  {dim(call, short(memory.id))}"


def _dream_lines(call: Call, inbox: Inbox, width: int) -> Iterator[str]:
    dream = inbox.dream
    if dream is None:
        return
    changes = [(change, count) for change, count in dream.steps if change != "attention"]
    questions = dict(dream.steps).get("attention", 0)
    counts = ", ".join(f"{count} {change}" for change, count in changes)
    number = sum(count for _, count in changes) if dream.steps else len(dream.candidates)
    told = f"proposes {quantity(number, 'change')}" + (f" ({counts})" if counts else "")
    told += f" and raises {quantity(questions, 'question')}" if questions else ""
    yield f"{bold(call, dream.name)} {told}"
    column = _title_column(_first(dream, _FEWEST_TITLES), width)
    yield from _title_lines(call, dream, _FEWEST_TITLES, column)


def _next_lines(call: Call, steps: Sequence[NextStep]) -> Iterator[str]:
    column = max(len(step.command) for step in steps)
    for number, step in enumerate(steps):
        label = "next: " if number == 0 else "      "
        yield f"{label}{bold(call, padded(step.command, column))}  {step.purpose}"


def _inbox_data(inbox: Inbox) -> dict[str, Any]:
    state = inbox.state
    return {
        "branch": state.branch, "tip": state.tip, "memories": state.memories, "session": state.session,
        "candidates": inbox.candidates, "sessions": list(map(_session_data, inbox.sessions)),
        "questions": list(map(_asked_data, inbox.questions)),
        "dream": _session_data(inbox.dream) if inbox.dream else None,
        "queued": state.queued, "failed": [{"op": op, "reason": reason} for op, reason in state.failed],
        "unreadable": [{"op": name, "reason": reason} for name, reason in state.unreadable], "drafts": state.drafts,
        "next": [{"command": step.command, "purpose": step.purpose} for step in inbox.next_steps],
    }  # fmt: skip


def _session_data(session: InboxSession) -> dict[str, Any]:
    candidates = [{"id": candidate.id, "change": candidate.change, "title": candidate.title, "path": candidate.path,
                   "type": candidate.type, "topic": candidate.topic, "conflict": candidate.conflicts,
                   "findings": list(candidate.findings), "blocked": candidate.is_blocked}
                  for candidate in session.candidates]  # fmt: skip
    return {"session": session.name, "state": session.state, "agent": session.agent, "author": session.author,
            "task": session.task, "updated": session.updated, "branch_state": session.branch,
            "candidates": candidates, "changes": dict(session.steps), "unsaved": session.unsaved,
            "checked": session.is_checked}  # fmt: skip


def _asked_data(asked: OpenQuestion) -> dict[str, Any]:
    others = [{"id": other.id, "title": other.title} for other in asked.others]
    return {"id": asked.holder.id, "title": asked.holder.title, **question_data(asked.question), "others": others}
