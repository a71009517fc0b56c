"""`mem hook <agent|git> <event>`: what harnesses and git call. Frozen for ever, and harmless whatever happens.

Contract: exit 0; on stdout nothing or one JSON object; on stderr nothing (unless MEM_HOOK_DEBUG); an end in bounded
time; unknown agents, events and flags are accepted and do nothing. What only records imports next to nothing: the
environment is read here, not in `config`, because that alone costs two bare starts of Python.
"""

from __future__ import annotations

import os
import sys

TYPE_CHECKING = False
if TYPE_CHECKING:
    from memcli.git.whereabouts import Where

LIMITS = {"session-start": 8.0, "pre-compact": 8.0, "prompt": 4.0, "pre-edit": 3.0}
"""Seconds for events that answer; the others have `LIMIT`."""
LIMIT, MOST = 2.0, 8 << 20
"""Seconds for all; bytes of a payload."""
PAUSE = 0.3
"""Seconds of silence after a whole payload: some harnesses never close the pipe."""
GRACE = 1.0
"""Seconds for leaving in good order after the limit, then it is left at once."""
SAVING = ("stop", "subagent-stop", "save", "pre-compact", "post-compact")
ANSWERING = ("session-start", "prompt", "pre-edit")
ALSO = (("opencode", "pre-compact"),)
"""Saves, and then answers: what compaction is to keep."""


class OutOfTime(BaseException):
    """Out of time; of no family, so that nothing on the way takes it for a file that could not be opened."""


def main(words: list[str]) -> None:
    """Serve one event and leave; never returns, never raises."""
    agent, event = (*words, "", "")[:2]
    nothing = b"" if agent in ("git", "worker") else b"{}\n"
    printed = nothing
    try:
        if os.environ.get("MEM_HOOKS") != "0" and not os.environ.get("MEM_HOOK"):
            _limit(LIMITS.get(event, LIMIT), nothing)
            printed = _served(agent, event, words[2:]) or nothing
    except BaseException as error:
        _told(agent, event, error)
    _leave(printed)


def _leave(printed: bytes) -> None:
    """Print in one piece and go, past whatever else Python would do at its end."""
    try:
        _limit(0)
        if printed:
            os.write(1, printed)
    except BaseException:
        pass  # nobody listens
    os._exit(0)


def _limit(seconds: float, nothing: bytes = b"") -> None:
    """After that time the hook ends as if there had been nothing to say; 0: no more."""
    import signal

    late = list[bool]()

    def ring(*_: object) -> None:
        late.append(True)
        if len(late) > 1:  # whoever held it up goes on holding it up
            _leave(nothing)
        raise OutOfTime("out of time")

    signal.signal(signal.SIGALRM, ring)
    signal.setitimer(signal.ITIMER_REAL, seconds, GRACE)


def _served(agent: str, event: str, rest: list[str]) -> bytes:
    if agent == "worker":
        return _work(event)
    if agent == "git":
        return _git(event, rest)
    from memcli.agents.events import AGENTS
    from memcli.operations.events import recording

    payload = _payload()
    if agent not in AGENTS:
        return b""
    found = recording.where(payload, os.getcwd())
    if found is None or (agent == "claude" and recording.is_cursors(found, payload, os.environ)):
        return b""
    if event in (*SAVING, "session-end"):
        _recorded(found, agent, event, payload)
    return _answered(found, agent, event, payload) if event in ANSWERING or (agent, event) in ALSO else b""


def _payload() -> dict[str, object]:
    """What the harness says on stdin; empty for anything but one JSON object."""
    import json

    try:
        data = _stdin()
        found = json.loads(data.decode("utf-8", "replace").lstrip("\ufeff")) if data.strip() else {}
    except (ValueError, RecursionError, OSError):
        return {}
    return found if isinstance(found, dict) else {}


def _stdin() -> bytes:
    if sys.stdin is None or os.isatty(0):
        return b""
    pieces, size = list[bytes](), 0
    while size < MOST and (piece := os.read(0, 1 << 16)):
        pieces.append(piece)
        size += len(piece)
        if piece.rstrip()[-1:] == b"}" and _is_all(pieces):
            break
    return b"".join(pieces)


def _is_all(pieces: list[bytes]) -> bool:
    """Whether nothing follows a whole object, though nobody says so by closing the pipe."""
    import json
    import select

    if select.select([0], [], [], PAUSE)[0]:
        return False  # more of it, or its end
    try:
        return isinstance(json.loads(b"".join(pieces)), dict)
    except (ValueError, RecursionError):
        return False


def _recorded(found: Where, agent: str, event: str, payload: dict[str, object]) -> None:
    """What is to be carried out later; the end of a session starts a process of its own for that."""
    from memcli.operations.events import recording

    said = os.environ.get("MEM_SESSION", "")
    if event == "session-end":
        session = recording.end(found, agent, event, payload, said)
        if session:
            recording.work_off(found, session, os.environ)
    else:
        recording.save(found, agent, event, payload, said)
    recording.went_well(found, agent, event)


def _answered(found: Where, agent: str, event: str, payload: dict[str, object]) -> bytes:
    """What is to be said to the harness."""
    import json

    from memcli.agents.answers import answer
    from memcli.operations.events.handlers import occasion
    from memcli.operations.events.recording import went_well

    text = occasion(agent, event, payload, found[2] or found[1], os.environ)
    went_well(found, agent, event)
    return json.dumps(answer(agent, event, text), ensure_ascii=False).encode("utf-8", "replace") + b"\n"


def _git(event: str, rest: list[str]) -> bytes:
    from memcli.operations.events.git_events import git_event

    git_event(event, rest, _stdin() if event == "post-rewrite" else b"", os.environ)
    return b""


def _work(session: str) -> bytes:
    """The end worker: it may take its time."""
    from memcli.operations.events.session_end import run_worker
    from memcli.workspace import opened

    _limit(0)
    run_worker(opened(os.getcwd()), session or None)
    return b""


def _told(agent: str, event: str, error: BaseException) -> None:
    """Keep what went wrong; on stderr only where somebody debugs."""
    try:
        _limit(0)
        if os.environ.get("MEM_HOOK_DEBUG"):
            import traceback

            traceback.print_exception(error)
        from memcli.operations.events.recording import went_wrong

        went_wrong(os.getcwd(), agent, event, error)
    except BaseException:
        return  # not even that is worth a word
