"""What has to be true of every harness, and what each harness is like, read from its recorded conversation.

A fact is `yes`, `no: why`, or `-` where the harness has no such thing.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from tests.harness.conversation import Conversation, Stage
from tests.harness.script_steps import CONSTRAINT, KNOWN

YES, NONE = "yes", "-"
ADDED = {
    "task": "The gateway drops events older than 3 days",
    "resume": "Refunds are paid by the evening batch",
    "fork": "Invoices are numbered per country",
    "delegate": "The ledger table has no index",
    "kill": "The bank closes at 17:00",
}
"""Stage → the title of the memory that the agent adds in it."""


_OURS = re.compile(rf"\bmem: |memory session|mem:pack|^(hint|error): |Traceback|{re.escape(KNOWN[:-1])}")
"""What only `mem` says."""


@dataclass(frozen=True)
class Fact:
    """One row: `tells` gives its cell for a conversation."""

    title: str
    tells: Callable[[Conversation], str]


def _told(holds: bool, otherwise: str) -> str:
    return YES if holds else f"no: {otherwise}"


def _calls(conversation: Conversation, stage: str) -> list[tuple[int, str]]:
    room, turn = conversation.room, conversation.stages[stage].turn
    return [(call.step, call.text) for call in room.model_calls(turn.script)]


def _last(conversation: Conversation, stage: str) -> str:
    calls = _calls(conversation, stage)
    return calls[-1][1] if calls else ""


def pack_arrives(conversation: Conversation) -> str:
    calls = _calls(conversation, "task")
    return _told(bool(calls) and KNOWN[:-1] in calls[0][1], "the first request has no memory in it")


def comes_once(conversation: Conversation) -> str:
    times = _last(conversation, "task").count(KNOWN[:-1])
    return _told(times == 1, f"{times} times")


def constraint_in_time(conversation: Conversation) -> str:
    """Before the model answers with the edit."""
    before = [text for step, text in _calls(conversation, "task") if step == 1]
    return _told(bool(before) and CONSTRAINT[:-1] in before[0], "not before the edit")


def one_session(conversation: Conversation) -> str:
    agents = [name for name, row in conversation.stages["task"].sessions.items() if row["agent"]]
    return _told(len(agents) == 1, f"{len(agents)} sessions")


def writes_into(stage: str, own: str = "") -> Callable[[Conversation], str]:
    """Whether what the agent added in a stage is in the session of its hooks (of those of the stage `own`)."""

    def tells(conversation: Conversation) -> str:
        if stage not in conversation.stages:
            return NONE
        expected, actual = conversation.session_of(own or stage), conversation.sessions_with(ADDED[stage])
        return _told(len(actual) == 1 and actual[0] in (expected, f"{expected}-2"), _where(actual))

    return tells


def _where(sessions: list[str]) -> str:
    return f"in {len(sessions)} sessions" if len(sessions) != 1 else "in another session"


def promotion_refused(conversation: Conversation) -> str:
    return _told("promote=6" in _last(conversation, "task"), "not with exit code 6")


def commit_found(conversation: Conversation) -> str:
    origin = conversation.origin.get("session")
    return _told(origin == conversation.session_of("task"), "in no session" if not origin else "in another session")


def ended(stage: str, of: str = "") -> Callable[[Conversation], str]:
    """Whether the session of a stage is no longer open after the stage."""

    def tells(conversation: Conversation) -> str:
        state = conversation.stages[stage].sessions.get(conversation.session_of(of or stage), {}).get("state")
        return _told(state not in (None, "open"), "it stays open" if state else "there is none")

    return tells


def none_open(conversation: Conversation) -> str:
    rows = conversation.stages["next"].sessions
    mine = conversation.session_of("next") if "session-end" not in conversation.stages["next"].events() else ""
    still = [name for name, row in rows.items() if row["agent"] and row["state"] == "open" and name != mine]
    return _told(not still, f"{len(still)} open")


def episode(conversation: Conversation) -> str:
    titles = conversation.candidates.get(conversation.session_of("task"), ())
    own = [title for title in titles if title not in ADDED.values()]
    if not own:
        return "no: there is none"
    return _told(not own[0].startswith("Work on "), "its title does not say what was done")


def resumes(conversation: Conversation) -> str:
    same = conversation.stages["resume"].conversation == conversation.stages["task"].conversation
    return writes_into("resume", "task")(conversation) if same else "no: another id"


def resume_tells_changes(conversation: Conversation) -> str:
    times = _last(conversation, "resume").count(KNOWN[:-1])
    return _told(times <= 1, f"the pack {times} times")


def pack_after_compaction(conversation: Conversation) -> str:
    if "compacted" not in conversation.stages:
        return NONE
    return _told(KNOWN[:-1] in _last(conversation, "compacted"), "the pack is gone")


def silent(conversation: Conversation) -> str:
    """No text of `mem` in what the harness prints, and nothing in the agent's shell that it did not ask for."""
    for stage in ("task", "resume", "next"):
        turn, asked = conversation.stages[stage].turn, _last(conversation, stage)
        spoken = [line.strip() for line in (turn.out + turn.err).splitlines() if _OURS.search(line)]
        foreign = [line for line in spoken if line not in asked]
        if foreign:
            return f"no: {foreign[0][:60]!r}"
    return _told("started session" not in _last(conversation, "task"), "'started session …' in the shell")


def uninstalls(conversation: Conversation) -> str:
    left = [path.rpartition("/")[2] for path in conversation.left_by_uninstall]
    return _told(not left, ", ".join(left))


FACTS = (
    Fact("the pack arrives with the first request", pack_arrives),
    Fact("… and once", comes_once),
    Fact("a constraint arrives before the edit", constraint_in_time),
    Fact("one session for one run", one_session),
    Fact("`mem add` in the shell: in the session of the hooks", writes_into("task")),
    Fact("`mem promote` by the agent is refused", promotion_refused),
    Fact("its code commit is found (`mem why`)", commit_found),
    Fact("the end of the run ends the session", ended("task")),
    Fact("the episode's title says what was done", episode),
    Fact("resumed: the same session", resumes),
    Fact("resumed: no second pack", resume_tells_changes),
    Fact("forked: a session of its own", writes_into("fork")),
    Fact("compacted: the pack again", pack_after_compaction),
    Fact("sub-agent: in the session of its agent", writes_into("delegate")),
    Fact("killed: what was added is kept", writes_into("kill")),
    Fact("killed: ended at the next start", ended("next", "kill")),
    Fact("no session is left open", none_open),
    Fact("nothing of `mem` that the agent did not ask for", silent),
    Fact("uninstalled to the byte", uninstalls),
)


def _events(stage: Stage) -> str:
    kept = list[str]()
    for event in stage.events():
        if not kept or kept[-1] != event:
            kept.append(event)
    return ", ".join(kept)


def _variables(conversation: Conversation) -> str:
    identity = conversation.stages["task"].conversation
    pairs = set(re.findall(r"\b([A-Z_]+)=([\w-]+)", _last(conversation, "task")))
    named = sorted(name for name, value in pairs if value in (identity, conversation.session_of("task")))
    return ", ".join(f"`{name}`" for name in named) or "none"


TRAITS = (
    Fact("events of one run", lambda conversation: _events(conversation.stages["task"])),
    Fact("variables in the shell that name the session", _variables),
)
"""What the harness itself is like."""
