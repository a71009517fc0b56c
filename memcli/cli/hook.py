"""`mem hook <agent|git> <event>`, which harnesses and git call. The command line never changes and never fails.

Contract: exit 0; on stdout nothing or one JSON object; on stderr nothing (unless MEM_HOOK_DEBUG is set); an end within
the limits of `agents.events`; unknown agents, events and flags do nothing. An event that only records imports next to
nothing: the environment is read here and not in `config`, because importing that costs two bare starts of Python.
"""

from __future__ import annotations

import os
import sys

from memcli.agents.events import FROM_PLUGIN, HOOK_EVENTS, LIMIT, SESSION_END, HookEvent

TYPE_CHECKING = False
if TYPE_CHECKING:
    from memcli.agents.adapter import Adapter
    from memcli.git.layout import Layout

Payload = dict[str, object]
MOST_BYTES = 8 << 20
"""Bytes of a payload."""
PAUSE = 0.3
"""Seconds of silence after which a complete payload counts as all of it: some harnesses never close the pipe."""
GRACE = 1.0
"""Seconds after the limit to stop in good order; then the process exits at once."""


class OutOfTime(BaseException):
    """The limit has passed. Not an Exception, so that no handler on the way takes it for a failure of its own."""


def serve_hook(words: list[str]) -> None:
    """Serve one event and exit; never returns, never raises."""
    agent, event = (*words, "", "")[:2]
    empty = b"" if agent in ("git", "worker") else b"{}\n"
    output = empty
    try:
        if os.environ.get("MEM_HOOKS") != "0" and not os.environ.get("MEM_HOOK"):
            _import_handlers(agent, event)
            if agent != "worker":  # it may take its time
                _set_limit(HOOK_EVENTS[event].limit if event in HOOK_EVENTS else LIMIT, empty)
            output = _serve(agent, event, words[2:]) or empty
    except BaseException as error:
        _log_failure(agent, event, error)
    _exit(output)


def _import_handlers(agent: str, event: str) -> None:
    """Import what serves the event, before its limit counts: on a busy machine that takes longer than the event."""
    if agent == "git":
        import memcli.operations.events.git_events
    elif event in HOOK_EVENTS and agent != "worker":
        import memcli.operations.events.hook_entries
        import memcli.operations.events.recording
        from memcli.agents.registry import find_adapter

        find_adapter(agent)
        if HOOK_EVENTS[event].answers:
            import memcli.operations.events.handlers
        elif event == SESSION_END:
            memcli.operations.events.recording.import_for_end()


def _exit(output: bytes) -> None:
    """Print in one piece and exit, without what Python does at its end."""
    try:
        _set_limit(0)
        if output:
            os.write(1, output)
    except BaseException:
        pass  # nobody reads it
    os._exit(0)


def _set_limit(seconds: float, empty: bytes = b"") -> None:
    """Raise OutOfTime after that many seconds, and exit with `empty` a little later; 0 lifts the limit."""
    import signal

    rings = list[bool]()

    def ring(*_: object) -> None:
        rings.append(True)
        if len(rings) > 1:  # what held it up did not stop for OutOfTime
            _exit(empty)
        raise OutOfTime("out of time")

    signal.signal(signal.SIGALRM, ring)
    signal.setitimer(signal.ITIMER_REAL, seconds, GRACE)


def _serve(agent: str, event: str, arguments: list[str]) -> bytes:
    if agent == "worker":
        return _run_worker(event)
    if agent == "git":
        return _serve_git(event, arguments)
    from memcli.agents.registry import find_adapter

    payload = _read_payload()
    adapter = find_adapter(agent)
    hook_event = HOOK_EVENTS.get(event)
    if adapter is None or hook_event is None:
        return b""
    return _serve_harness(adapter, hook_event, payload, FROM_PLUGIN in arguments)


def _serve_harness(adapter: Adapter, event: HookEvent, payload: Payload, from_plugin: bool) -> bytes:
    from memcli.operations.events import recording

    layout = recording.repository_of(adapter, payload, os.getcwd())
    if layout is None or (from_plugin and recording.has_hooks(layout, adapter, os.environ)):
        return b""
    if recording.is_second_call(layout, adapter, payload, os.environ):
        return b""
    try:
        return _serve_event(layout, adapter, event, payload)
    except BaseException as error:
        error.add_note(recording.session_of(adapter, payload, os.environ.get("MEM_SESSION", "")))
        raise


def _serve_event(layout: Layout, adapter: Adapter, event: HookEvent, payload: Payload) -> bytes:
    from memcli.operations.events import recording

    if event.saves or event.name == SESSION_END:
        _record(layout, adapter, event.name, payload)
    answers = event.answers or adapter.takes_text(event.name)
    output = _answer(layout, adapter, event.name, payload) if answers else b""
    recording.record_subject(layout, adapter, payload)
    return output


def _read_payload() -> Payload:
    """The JSON object on stdin; empty for anything else."""
    import json

    try:
        data = _read_stdin()
        payload = json.loads(data.decode("utf-8", "replace").lstrip("\ufeff")) if data.strip() else {}
    except (ValueError, RecursionError, OSError):
        return {}
    return payload if isinstance(payload, dict) else {}


def _read_stdin() -> bytes:
    if sys.stdin is None or os.isatty(0):
        return b""
    pieces, size = list[bytes](), 0
    while size < MOST_BYTES and (piece := os.read(0, 1 << 16)):
        pieces.append(piece)
        size += len(piece)
        if piece.rstrip()[-1:] == b"}" and _is_complete(pieces):
            break
    return b"".join(pieces)


def _is_complete(pieces: list[bytes]) -> bool:
    """Whether this is one whole object and nothing follows, although the pipe is still open."""
    import json
    import select

    if select.select([0], [], [], PAUSE)[0]:
        return False  # more data, or the end
    try:
        return isinstance(json.loads(b"".join(pieces)), dict)
    except (ValueError, RecursionError):
        return False


def _record(layout: Layout, adapter: Adapter, event: str, payload: Payload) -> None:
    """Record what is to be done later; the end of a session starts the worker."""
    from memcli.operations.events import recording

    named = os.environ.get("MEM_SESSION", "")
    if event == SESSION_END:
        session = recording.record_end(layout, adapter, payload, named)
        if session:
            recording.start_worker(layout, session, os.environ)
    else:
        recording.record_save(layout, adapter, event, payload, named)
    recording.log_success(layout, adapter.name, event)


def _answer(layout: Layout, adapter: Adapter, event: str, payload: Payload) -> bytes:
    """The JSON object that gives the harness the text for its agent."""
    import json

    from memcli.operations.events.handlers import text_for
    from memcli.operations.events.recording import log_success

    text = text_for(adapter, event, payload, layout, os.environ)
    log_success(layout, adapter.name, event)
    return json.dumps(adapter.answer(event, text), ensure_ascii=False).encode("utf-8", "replace") + b"\n"


def _serve_git(event: str, arguments: list[str]) -> bytes:
    from memcli.operations.events.git_events import serve_git_event

    serve_git_event(event, arguments, _read_stdin() if event == "post-rewrite" else b"", os.environ)
    return b""


def _run_worker(session: str) -> bytes:
    """What follows the end of a session."""
    from memcli.operations.events.worker import run_worker
    from memcli.workspace import opened

    run_worker(opened(os.getcwd()), session or None)
    return b""


def _log_failure(agent: str, event: str, error: BaseException) -> None:
    """Log an error for `mem doctor`; print it only with MEM_HOOK_DEBUG."""
    try:
        _set_limit(0)
        if os.environ.get("MEM_HOOK_DEBUG"):
            import traceback

            traceback.print_exception(error)
        from memcli.operations.events.recording import log_failure

        log_failure(os.getcwd(), agent, event, error)
    except BaseException:
        return  # there is no place left to report to
