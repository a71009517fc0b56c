"""Sessions as lines of a list, as pages and as JSON."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from memcli.cli.options import Call
from memcli.cli.views.dream_report import dream_data, dream_lines
from memcli.cli.views.findings import finding_data, finding_lines
from memcli.cli.views.output import emit, note, printable
from memcli.cli.views.quantities import quantity, time_ago
from memcli.core.session.state import BRANCH_MERGED
from memcli.operations.sessions.close import ClosedSession
from memcli.operations.sessions.list import SessionSummary
from memcli.operations.sessions.save import SavedSession
from memcli.operations.sessions.start import StartedSession
from memcli.operations.sessions.update import UpdatedSession

if TYPE_CHECKING:
    from memcli.operations.dream.start_resume import DreamResult


def show_started(call: Call, command: str, started: StartedSession) -> None:
    """Print a started or resumed session and its worktree."""
    worktree = str(started.worktree) if started.worktree else None
    data = {"session": started.session, "base": started.base, "worktree": worktree, "state": started.state,
            "resumed": started.resumed}  # fmt: skip
    first = f"{'resumed' if started.resumed else 'started'} {started.session}"
    emit(call, command, data, lambda: first + (f"\n{worktree}" if worktree else ""))
    if call.workspace.config.agent and not started.resumed:
        note(call, f"set MEM_SESSION={started.session} to join it from other processes")


def show_sessions(call: Call, summaries: Sequence[SessionSummary], current: str | None) -> None:
    """Print a list of sessions, the current one marked."""
    lines = [
        f"{'*' if summary.session.name == current else ' '} {session_line(call, summary)}" for summary in summaries
    ]
    data = {"sessions": list(map(_summary_data, summaries))}
    emit(call, "session-list", data, lambda: "\n".join(lines) or "no sessions")


def session_line(call: Call, summary: SessionSummary) -> str:
    """Name, state, number of candidates, who and when, task, and the state of the code branch."""
    session = summary.session
    updated = time_ago(session.updated, call.workspace.now) if session.updated else ""
    task = session.task.splitlines()[0] if session.task else ""
    columns = [f"{session.name:<28}", f"{session.state:<9}"]
    columns += [
        f"{len(summary.candidates):>4} candidate{' ' if len(summary.candidates) == 1 else 's'} ",
        f"{session.agent or session.author}, {updated} ",
        task,
    ]
    columns += [f"({branch_text(summary)})"] if summary.branch else []
    return printable(" ".join(columns).rstrip())


def branch_text(summary: SessionSummary) -> str:
    """What has become of the session's code branch."""
    merged = summary.session.merged
    into = merged.into if merged and summary.branch == BRANCH_MERGED else None
    return f"its branch was merged into {into}" if into else "its branch is gone"


def _summary_data(summary: SessionSummary) -> dict[str, object]:
    session = summary.session
    return {"session": session.name, "state": session.state, "candidates": len(summary.candidates),
            "agent": session.agent, "code_branch": session.code_branch, "branch_state": summary.branch,
            "merged_into": session.merged.into if session.merged and summary.branch == BRANCH_MERGED else None,
            "updated": session.updated, "task": session.task}  # fmt: skip


def show_session(call: Call, summary: SessionSummary, dream: DreamResult | None = None) -> None:
    """Print one session: task, base, tip, candidates, rejections; `dream`: what it says where it is one."""
    session = summary.session
    changes = [{"id": candidate.id, "change": candidate.change, "title": candidate.title, "path": candidate.path}
               for candidate in summary.candidates]  # fmt: skip
    rejected = [{"id": rejection.id, "reason": rejection.reason} for rejection in session.rejections]
    data = {**_summary_data(summary), "base": session.base, "tip": session.tip, "harness_id": session.harness_id,
            "changes": changes, "rejected": rejected,
            "dream": dream_data(dream) if dream else None,
            "findings": [finding_data(finding) for finding in summary.findings]}  # fmt: skip
    report = ["", *dream_lines(dream)] if dream else []
    emit(call, "session-show", data, lambda: printable("\n".join([*_session_lines(summary), *report])))


def _session_lines(summary: SessionSummary) -> Iterator[str]:
    session = summary.session
    yield f"{session.name} ({session.state})"
    if session.task:
        yield session.task
    yield f"base {session.base[:10]}, tip {session.tip[:10]}, by {session.agent or session.author}"
    if summary.branch:
        yield f"code branch {session.code_branch}: {branch_text(summary)}"
    for candidate in summary.candidates:
        yield f"  {candidate.change:<8} {candidate.id[-6:]}  {candidate.title}"
    yield from (f"  rejected {rejection.id[-6:]}  {rejection.reason}" for rejection in session.rejections)
    yield from finding_lines(summary.findings)


def show_saved(call: Call, saved: SavedSession) -> None:
    """Print what `mem session save` recorded, and which files it could not take."""
    findings = [*saved.findings, *saved.more_findings]
    data = {"session": saved.session, "state": saved.state, "saved": list(saved.saved), "strays": list(saved.strays),
            "findings": [finding_data(finding) for finding in findings]}  # fmt: skip
    lines = [f"saved {quantity(len(saved.saved), 'file')} in {saved.session}"]
    lines += [printable(f"  {path}") for path in saved.saved]
    emit(call, "session-save", data, lambda: "\n".join([*lines, *finding_lines(findings)]))


def show_updated(call: Call, updated: UpdatedSession) -> None:
    """Print what a session is based on now, and which of its candidates are in conflict with that."""
    conflicts = [{"id": candidate.id, "title": candidate.title} for candidate in updated.conflicts]
    data = {"session": updated.session, "state": updated.state, "base": updated.base, "conflicts": conflicts}
    lines = [f"{updated.session} is now based on {updated.base[:10]}"]
    lines += [f"  conflict {candidate.id[-6:]}  {candidate.title}" for candidate in updated.conflicts]
    emit(call, "session-update", data, lambda: printable("\n".join(lines)))
    if updated.conflicts:
        note(call, f"'mem review {updated.session}' shows both sides, 'mem resolve ID' takes the answer")


def show_closed(call: Call, closed: ClosedSession) -> None:
    """Print that a session is closed and what waits for review, or which files keep it open."""
    data = {"session": closed.session, "state": closed.state, "waiting": closed.waiting,
            "findings": [finding_data(finding) for finding in closed.findings]}  # fmt: skip
    left = f"{quantity(closed.waiting, 'candidate')} to review" if closed.waiting else "nothing to review"
    first = f"{closed.session} stays open: not all of its files are saved" if closed.findings else (
        f"closed {closed.session}: {left}")  # fmt: skip
    emit(call, "session-close", data, lambda: "\n".join([first, *finding_lines(closed.findings)]), closed.warnings)
