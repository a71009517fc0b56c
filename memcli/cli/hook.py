"""`mem hook <agent|git> <event>`: what harnesses and git call. Frozen for ever, and harmless whatever happens.

Contract: exit 0; on stdout nothing or one JSON object; on stderr nothing (unless MEM_HOOK_DEBUG); an end in bounded
time; unknown agents, events and flags are accepted and do nothing. What only records imports next to nothing: the
environment is read here, not in `config`, because that alone costs two bare starts of Python.
"""

from __future__ import annotations

import os
import sys
import time

LIMITS = {"session-start": 8.0, "prompt": 4.0, "pre-edit": 3.0}
"""Seconds for events that answer; the others have `LIMIT`."""
LIMIT, MOST = 2.0, 8 << 20
"""Seconds for all; bytes of a payload."""
SAVING = ("stop", "subagent-stop", "save", "pre-compact", "post-compact")
ANSWERING = ("session-start", "prompt", "pre-edit")


def main(words: list[str]) -> None:
    """Serve one event and leave; never returns, never raises."""
    agent, event = (*words, "", "")[:2]
    printed = b""
    try:
        if os.environ.get("MEM_HOOKS") != "0" and not os.environ.get("MEM_HOOK"):
            _limit(LIMITS.get(event, LIMIT))
            printed = _served(agent, event, words[2:])
        elif agent != "git":
            printed = b"{}\n"
    except BaseException as error:
        printed = b"" if agent == "git" else b"{}\n"
        _told(agent, event, error)
    _leave(printed)


def _leave(printed: bytes) -> None:
    """Print in one piece and go, past whatever else Python would do at its end."""
    try:
        if printed:
            os.write(1, printed)
    except OSError:
        pass  # nobody listens
    os._exit(0)


def _limit(seconds: float) -> None:
    """After that time the hook ends as if there had been nothing to say."""
    import signal

    signal.signal(signal.SIGALRM, _late)
    signal.setitimer(signal.ITIMER_REAL, seconds)


def _late(*_: object) -> None:
    raise TimeoutError("out of time")


def _served(agent: str, event: str, rest: list[str]) -> bytes:
    if agent == "worker":
        return _work(event)
    if agent == "git":
        return _git(event, rest)
    payload = _payload()
    if event in SAVING:
        _record(agent, event, payload, "save")
    elif event == "session-end":
        _end(agent, payload)
    elif event in ANSWERING:
        return _answered(agent, event, payload)
    return b"{}\n"


def _payload() -> dict[str, object]:
    """What the harness says on stdin; empty for anything but one JSON object."""
    import json

    try:
        data = b"" if sys.stdin is None or os.isatty(0) else _stdin()
        found = json.loads(data.decode("utf-8", "replace").lstrip("\ufeff")) if data.strip() else {}
    except (ValueError, RecursionError, OSError):
        return {}
    return found if isinstance(found, dict) else {}


def _stdin() -> bytes:
    pieces, size = [], 0
    while size < MOST and (piece := os.read(0, 1 << 16)):
        pieces.append(piece)
        size += len(piece)
    return b"".join(pieces)


def _where(payload: dict[str, object]) -> tuple[str, str, str] | None:
    """(git directory, common directory, worktree) that the event is about, where memory is set up there."""
    from memcli.agents.events import place
    from memcli.repo.whereabouts import find, has_store

    for start in (place(payload), os.getcwd()):
        found = find(start) if start and os.path.isdir(start) else None
        if found and has_store(found[1]):
            return found
    return None


def _record(agent: str, event: str, payload: dict[str, object], verb: str) -> None:
    """One entry in the journal, if there is anything that it could be about."""
    from memcli.repo.hooklog import succeeded

    found, session = _where(payload), _session(agent, payload)
    if found is None or not session:
        return
    if verb != "save" or os.path.isdir(os.path.join(_trees(found), session)):
        _append(found, agent, session, verb, {"reason": event})
    succeeded(os.path.join(found[1], "mem"), f"{agent}.{event}")


def _trees(found: tuple[str, str, str]) -> str:
    """Where sessions have their files."""
    return os.path.join(found[2], ".mem") if found[2] else os.path.join(found[1], "mem", "worktrees")


def _session(agent: str, payload: dict[str, object]) -> str:
    """The session of the harness's own id, else the one in the environment; `` where neither is said."""
    from memcli.agents.events import AGENTS, session_id
    from memcli.core.harness import harness_session

    said = session_id(payload)
    if agent in AGENTS and said:
        return harness_session(AGENTS[agent], said)
    return os.environ.get("MEM_SESSION", "")


def _append(found: tuple[str, str, str], agent: str, session: str, verb: str, note: dict[str, str]) -> None:
    """An entry as `repo.journal` writes it; below a read-only `.git`, in the worktree's spool. Raises OSError."""
    import json

    from memcli.agents.events import AGENTS
    from memcli.core.base32 import encoded
    from memcli.repo.durable import put

    now = time.time_ns()
    op = encoded((now // 1_000_000) << 80 | int.from_bytes(os.urandom(10), "big"), 26)
    name, at = AGENTS.get(agent, agent), time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())
    entry = {"v": 1, "op": op, "verb": verb, "session": session, "actor": name, "agent": name, "at": at,
             "edits": [], "note": note}  # fmt: skip
    data = json.dumps(entry).encode()
    try:
        put(os.path.join(found[1], "mem", "journal"), op, data)
    except OSError:
        if not os.path.isdir(os.path.join(found[2], ".mem")):
            raise
        put(os.path.join(found[2], ".mem", "spool"), op, data)


def _end(agent: str, payload: dict[str, object]) -> None:
    """The harness's session is over: one entry, and a process of its own for all that follows."""
    from memcli.repo.detached import detached
    from memcli.repo.hooklog import succeeded

    found, session = _where(payload), _session(agent, payload)
    if found is None or not session:
        return
    _append(found, agent, session, "end", {"reason": "session-end"})
    detached(["worker", session], found[2] or found[1], os.environ)
    succeeded(os.path.join(found[1], "mem"), f"{agent}.session-end")


def _answered(agent: str, event: str, payload: dict[str, object]) -> bytes:
    """What is to be said to the harness at an event."""
    found = _where(payload)
    if found is None:
        return b"{}\n"
    import json

    from memcli.agents.answers import answer
    from memcli.operations.occasions import occasion
    from memcli.repo.hooklog import succeeded

    text = occasion(agent, event, payload, found[2] or found[1], os.environ)
    succeeded(os.path.join(found[1], "mem"), f"{agent}.{event}")
    return json.dumps(answer(agent, event, text), ensure_ascii=False).encode() + b"\n"


def _git(event: str, rest: list[str]) -> bytes:
    from memcli.operations.git_events import git_event

    git_event(event, rest, _stdin() if event == "post-rewrite" and not os.isatty(0) else b"")
    return b""


def _work(session: str) -> bytes:
    """The end worker: it may take its time."""
    import signal

    signal.setitimer(signal.ITIMER_REAL, 0)
    from memcli.operations.ending import run_worker
    from memcli.operations.occasions import opened

    run_worker(opened(os.getcwd()), session or None)
    return b""


def _told(agent: str, event: str, error: BaseException) -> None:
    """Keep what went wrong for `mem doctor`; on stderr only where somebody debugs."""
    try:
        from memcli.repo.hooklog import failed
        from memcli.repo.whereabouts import find

        if os.environ.get("MEM_HOOK_DEBUG"):
            import traceback

            traceback.print_exception(error)
        found = find(os.getcwd())
        if found and os.path.isdir(os.path.join(found[1], "mem")):
            failed(os.path.join(found[1], "mem"), f"{agent}.{event}"[:60], f"{type(error).__name__}: {error}")
    except BaseException:
        return  # not even that is worth a word
