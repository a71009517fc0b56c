"""The episode of a session: its task and its outcome, in a few lines.

It holds nothing that the repository already shows, nothing that mem has injected, and no transcript.
Invariant: an episode is a function of its facts; without a task, candidates or commits there is none.
"""

from __future__ import annotations

from dataclasses import dataclass

from memcli.core.memory.document import Value
from memcli.core.memory.memory import MAX_TITLE
from memcli.core.pack.frame import clean, quotes_pack, shortened, strip_packs
from memcli.core.text.first_few import first_few

MOST_TASK, MOST_NAMED, MOST_PATHS = 500, 10, 8
"""Characters of a task; attempts and commits named; anchors."""
MOST_TITLE, MOST_SUBJECTS = 100, 2
"""Characters of a title that is no task; commits that it names."""


@dataclass(frozen=True)
class SessionFacts:
    """The facts of a session that has ended; `subject`: what its first prompt asks for, `attempts`: titles of what it
    tried, `proposed`: number of its other candidates, `commits`: full ids of code commits, `subjects`: first lines of
    their messages, `paths`: files that they touched."""

    session: str
    at: str
    task: str = ""
    subject: str = ""
    branch: str = ""
    proposed: int = 0
    attempts: tuple[str, ...] = ()
    commits: tuple[str, ...] = ()
    subjects: tuple[str, ...] = ()
    paths: tuple[str, ...] = ()


def episode(facts: SessionFacts) -> dict[str, Value] | None:
    """The front matter and body of a session's episode; None if nothing has happened."""
    task = _task(facts.task)
    if not (task or facts.proposed or facts.commits):
        return None
    return {
        "title": shortened(task.partition("\n")[0], MAX_TITLE) or _title(facts),
        "kind": "episodic",
        "type": "event",
        "topic": "sessions",
        "created": facts.at,
        "paths": facts.paths[:MOST_PATHS],
        "evidence": "inference",
        "body": "\n".join(_lines(facts, task)) + "\n",
    }


def _title(facts: SessionFacts) -> str:
    """The title of a session without a task: what it was asked for, else what its commits say, else how much it did."""
    commits = first_few([clean(subject) for subject in facts.subjects], MOST_SUBJECTS, "; ")
    about = next((text for text in (clean(facts.subject), commits) if text and not quotes_pack(text)), "")
    if about:
        return shortened(about, MOST_TITLE)
    return f"Work on {clean(facts.branch)}: {_outcome(facts)}" if facts.branch else f"Work: {_outcome(facts)}"


def _task(text: str) -> str:
    """A task without text that mem has injected, shortened."""
    lines = (line for line in strip_packs(text).splitlines() if line.strip() and not quotes_pack(line))
    return shortened("\n".join(clean(line) for line in lines), MOST_TASK)


def _lines(facts: SessionFacts, task: str) -> list[str]:
    """Task, attempts, outcome, commits and session, without those that are empty."""
    short = [commit[:10] for commit in facts.commits]
    parts = [
        ("Task", " ".join(task.split())),
        ("Tried", first_few([clean(title) for title in facts.attempts], MOST_NAMED, "; ")),
        ("Outcome", _outcome(facts)),
        ("Commits", first_few(short, MOST_NAMED)),
        ("Session", f"{facts.session}, {facts.at[:10]}" + (f", branch {clean(facts.branch)}" if facts.branch else "")),
    ]
    return [f"- {name}: {text}" for name, text in parts if text]


def _outcome(facts: SessionFacts) -> str:
    parts = [_counted(len(facts.commits), "code commit"), _counted(facts.proposed, "memory", "memories")]
    return " and ".join(filter(None, parts)) or "no code commit, nothing learned"


def _counted(number: int, singular: str, plural: str = "") -> str:
    return "" if not number else f"1 {singular}" if number == 1 else f"{number} {plural or singular + 's'}"
