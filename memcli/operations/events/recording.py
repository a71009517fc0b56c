"""What hooks record: one journal entry, written with plain files and applied by the next command that drains.

Invariant: imports next to nothing, so that an event that only records costs a harness no more than two or three bare
starts of Python. What it appends is what `state.journal` reads.
"""

from __future__ import annotations

import os
from collections.abc import Mapping

from memcli.agents.events import SESSION_END
from memcli.branch import is_initialised, store_tip
from memcli.core.session.entry_verbs import END, SAVE
from memcli.core.session.names import RESERVED, harness_session, is_successor, is_well_formed
from memcli.git.discovery import find
from memcli.git.layout import Layout
from memcli.git.sharing import apply_sharing
from memcli.state.hook_log import append_failure, append_success
from memcli.state.liveness import is_marked, mark_ended, sessions_above

TYPE_CHECKING = False
if TYPE_CHECKING:
    from memcli.agents.adapter import Adapter

Payload = Mapping[str, object]


def repository_of(adapter: Adapter, payload: Payload, current: str) -> Layout | None:
    """The repository that an event is about, if it has a store: that of the directory the payload names, or, if that is
    gone, of the current directory."""
    named = adapter.working_directory(payload)
    layout = find(named if named and os.path.isdir(named) else current)
    if layout is None or not store_tip(layout):
        return None
    apply_sharing(layout)
    return layout


def is_second_call(layout: Layout, adapter: Adapter, payload: Payload, environ: Mapping[str, str]) -> bool:
    """Whether another harness runs the hooks of this one beside its own: then its own are served, not these."""
    for harness, variable, field in adapter.second_callers:
        if environ.get(variable) or field in payload:
            from memcli.agents.registry import find_adapter

            other = find_adapter(harness)
            if other is not None and has_hooks(layout, other, environ):
                return True
    return False


def has_hooks(layout: Layout, adapter: Adapter, environ: Mapping[str, str]) -> bool:
    """Whether a hook file of a harness calls `mem` here."""
    home = environ.get("HOME", "")
    places = {
        "tree": layout.worktree,
        "home": home,
        "config": environ.get("XDG_CONFIG_HOME") or f"{home}/.config",
        "own": environ.get(adapter.home_variable) or f"{home}/{adapter.directory}",
    }
    patterns = [pattern for pattern in adapter.hook_files.values() if layout.worktree or "{tree}" not in pattern]
    return any(_calls_mem(pattern.format(**places), adapter) for pattern in patterns)


def _calls_mem(file: str, adapter: Adapter) -> bool:
    mark = "Written by 'mem hooks install'" if adapter.plugin_template else f" hook {adapter.name} "
    try:
        with open(file, encoding="utf-8", errors="replace") as stream:
            return any(mark in line for line in stream)
    except OSError:
        return False


def record_save(layout: Layout, adapter: Adapter, event: str, payload: Payload, named: str) -> None:
    """Request a save of the session's files, if any changed since the last request; `named`: the session in the
    environment."""
    session = _running_session(layout, adapter, payload, named)
    if session:
        _record_commits(layout, adapter, session)
    for name in _with_files(layout, session) if session else ():
        from memcli.operations.events.save_requests import is_requested, newest_change, note_request

        changed = newest_change(layout, name)
        if not is_requested(layout, name, changed):
            _append(layout, adapter, name, SAVE, event)
            note_request(layout, name, changed)


def _record_commits(layout: Layout, adapter: Adapter, session: str) -> None:
    if not adapter.runs_git_hooks:
        from memcli.operations.events.found_commits import record_found_commits

        record_found_commits(layout, session, adapter.agent)


def _with_files(layout: Layout, session: str) -> list[str]:
    """The session and its successors, those that have files."""
    try:
        names_with_files = os.listdir(layout.tree_dir)
    except OSError:
        return []
    return [name for name in names_with_files if name == session or is_successor(name, session)]


def record_end(layout: Layout, adapter: Adapter, payload: Payload, named: str) -> str:
    """Record that a session has ended; its name, `` where neither payload nor environment names one, or where there is
    no store to record it in."""
    session = _running_session(layout, adapter, payload, named)
    if not session or not is_initialised(layout):
        return ""
    from memcli.selection import Selection

    _record_commits(layout, adapter, session)
    _append(layout, adapter, session, END, SESSION_END)
    for name in {session, Selection(layout, session, None, None).successor(session)}:
        try:
            mark_ended(layout.mem_dir, name)
        except OSError:
            pass  # only the next session start looks there, in case no worker comes to process the end
    return session


def record_subject(layout: Layout, adapter: Adapter, payload: Payload) -> None:
    """Keep what the session is about, if the event tells: a prompt, or a summary."""
    if any(field in payload for field in adapter.subject_fields) and not adapter.subagent_id(payload):
        from memcli.operations.events.session_subject import note_subject

        note_subject(layout.mem_dir, _running_session(layout, adapter, payload, ""), adapter.subject(payload))


def import_for_end() -> None:
    """Import what recording an end takes and other events do without."""
    import memcli.selection
    import memcli.system.detached  # noqa: F401


def start_worker(layout: Layout, session: str, environ: Mapping[str, str]) -> None:
    """Start the process that runs everything that follows the end of a session. Raises OSError."""
    from memcli.system.detached import detached

    detached(["worker", session], layout.worktree or layout.common_dir, environ)


def log_success(layout: Layout, agent: str, event: str) -> None:
    """Log the time of an event's last success."""
    append_success(layout.mem_dir, f"{agent}.{event}"[:60])


def log_failure(current: str, agent: str, event: str, error: BaseException) -> None:
    """Log an error for `mem doctor`."""
    layout = find(current)
    if layout and store_tip(layout):
        name = f"{agent}.{event}"[:60]
        name = name if name.replace("-", "").replace(".", "").isalnum() else "unknown"
        from memcli.core.review.recorded_text import recordable  # few events fail

        session = "".join(f"{session}: " for session in getattr(error, "__notes__", [])[:1] if session)
        append_failure(layout.mem_dir, name, recordable(f"{session}{type(error).__name__}: {error}"))


def _running_session(layout: Layout, adapter: Adapter, payload: Payload, named: str) -> str:
    """`session_of` an event; for an id that no start has told, where ids may change, that of the harness's process."""
    session = session_of(adapter, payload, named)
    if not adapter.changes_ids or not session:
        return session
    if is_marked(layout.mem_dir, session):
        return session
    nearest = (sessions_above(layout.mem_dir, os.getppid()) or [[]])[0]
    return nearest[0][0] if [agent for _, agent in nearest] == [adapter.agent] else session


def session_of(adapter: Adapter, payload: Payload, named: str) -> str:
    """The session of the harness's id, else the one in the environment; it may have a successor."""
    session_id = adapter.session_id(payload)
    name = harness_session(adapter.agent, session_id) if session_id else named
    return name if is_well_formed(name) and name not in RESERVED else ""  # it becomes the name of a file


def _append(layout: Layout, adapter: Adapter, session: str, verb: str, event: str) -> None:
    from memcli.operations.events.hook_entries import append_event  # a session without files records nothing

    append_event(layout, verb, session, {"event": event}, adapter.agent, adapter.agent)
