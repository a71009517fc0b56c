"""What an agent is told at the moments that its harness offers: when it begins, when it is asked, before it edits.

Nothing here drains what others wait for, except that a beginning may take the lock for a moment; everything is bounded,
since somebody is waiting in front of a terminal.
"""

from __future__ import annotations

import os
import time
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

from memcli.agents.adapter import Adapter
from memcli.branch import is_initialised
from memcli.core.memory.summary import Filters
from memcli.core.review.private import without_private
from memcli.errors import MemError
from memcli.operations.recall.touched_paths import HAZARDS, in_repository
from memcli.operations.views.reader import Reader
from memcli.state.liveness import is_marked_ended, mark_alive, mark_of, marks_dir, remove_marks
from memcli.workspace import Workspace, opened

PATIENCE = 1.0
"""Seconds that a beginning may wait for the lock."""
TWICE = 30.0
"""Seconds within which the same event of the same session is the same event: some harnesses call twice. Who was killed
and comes back at once is another process."""
PROMPT_TOKENS, EDIT_TOKENS = 600, 500
NOT_INITIALISED = (
    "mem is not initialised in this clone: memories are read from the remote branch, and none can be written. "
    "Run 'mem init' to start a session and write memories.\n"
)


def text_for(
    adapter: Adapter, event: str, payload: Mapping[str, object], directory: str, environ: Mapping[str, str]
) -> str:
    """The text for the agent at an event; `` where there is nothing to tell."""
    workspace = opened(directory, adapter.agent, adapter.session_id(payload))
    with suppress(OSError):  # below a read-only `.git` nobody can mark what was said already
        if _is_repeated(workspace, adapter, event, payload):
            return ""
    if event == "session-start":
        return begin(workspace, adapter, adapter.start_source(payload), environ)
    if event == "pre-compact":
        return _compacted(workspace)
    if event == "prompt":
        return _asked(workspace, without_private(adapter.prompt(payload))[0])
    return _before_edit(workspace, _whole(adapter.edited_path(payload), adapter.working_directory(payload)))


def _is_repeated(workspace: Workspace, adapter: Adapter, event: str, payload: Mapping[str, object]) -> bool:
    """Whether the same event came a moment ago, or another adapter of the same harness answers it."""
    if event != "session-start" or not adapter.session_id(payload):
        return False
    mark = _live(workspace) / f"{workspace.selection.name}.{adapter.name}.{adapter.start_source(payload)}"
    caller, name = mark_of(os.getppid()), workspace.selection.name or ""
    try:
        recent = time.time() - mark.stat().st_mtime < TWICE and mark.read_text(encoding="ascii") == caller
    except (OSError, ValueError):
        recent = False
    recent = recent and not is_marked_ended(workspace.layout.mem_dir, name)
    if not recent:
        mark.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        mark.write_text(caller, encoding="ascii")
    return recent


def _whole(path: str, place: str) -> str:
    """A path as the harness means it: from the directory it works in. Nothing for what is no line of text."""
    path = path if path.isprintable() else ""
    return os.path.normpath(Path(place, path)) if path else ""


def _live(workspace: Workspace) -> Path:
    """Where running sessions leave their marks."""
    return Path(marks_dir(workspace.layout.mem_dir))


def begin(workspace: Workspace, adapter: Adapter, source: str, environ: Mapping[str, str]) -> str:
    """Start the harness's session, or find it again; what it is told first."""
    from memcli.operations.events.orphans import sweep
    from memcli.system.detached import detached

    if not is_initialised(workspace.layout):
        return _pack_and(workspace, source, _framed(NOT_INITIALISED))
    is_left = sweep(workspace)
    name = workspace.selection.writable() or workspace.actor.new_session()
    if not workspace.selection.is_open(name) and not workspace.journal.entries(name):
        workspace.journal.append(workspace.actor.entry("start", name, note={"summary": f"{adapter.name} {source}"}))
    _mark(workspace, name)  # first: who sweeps meanwhile must not take it for left behind
    place = _ready(workspace, name)
    later = workspace.selection.successor(name)
    _mark(workspace, later)  # again: who has just closed it has taken the mark away
    if later != name:
        remove_marks(workspace.layout.mem_dir, name)
        name = later
    _export(environ.get(adapter.export_variable), name)
    if is_left:
        detached(["worker"], place=str(workspace.config.directory), environ=environ)
    return _pack_and(workspace, source, _standing(name, place))


def _pack_and(workspace: Workspace, source: str, text: str) -> str:
    """The pack for a session that starts, and a text after it."""
    from memcli.operations.recall.hydrate import HydrateRequest, hydrate

    hook = "compact" if source == "compact" else "session-start"
    return hydrate(workspace, HydrateRequest(hook=hook, beside=text)).text + text


def _mark(workspace: Workspace, name: str) -> None:
    with suppress(OSError):
        mark_alive(workspace.layout.mem_dir, name, os.getppid())


def _ready(workspace: Workspace, name: str) -> Path | None:
    """The session with its directory of files; None where the lock is busy or nothing can be written there."""
    from memcli.operations.events.orphans import begin_anew
    from memcli.operations.sessions.path import prepare_worktree
    from memcli.operations.writing.transaction import try_drain

    try:
        is_free = try_drain(workspace, name, PATIENCE)
        name = workspace.selection.successor(name)  # an ended one goes on under another name
        if begin_anew(workspace, name) and is_free:
            try_drain(workspace, name, PATIENCE)
        return prepare_worktree(workspace, name) if workspace.selection.is_open(name) else None
    except (MemError, OSError):
        return None  # a sandbox that forbids writing below `.git`: its writes are spooled


def _export(file: str | None, name: str) -> None:
    """Where the harness takes variables for what it runs, name the session in them."""
    if not file:
        return
    try:
        with Path(file).open("a", encoding="utf-8") as stream:
            stream.write(f"export MEM_SESSION={name}\n")
    except OSError:
        return


def _standing(name: str, place: Path | None) -> str:
    """Where the agent stands, as facts, and marked so that nobody captures it."""
    from memcli.core.pack.frame import clean, shortened

    files = f"; its files are in {shortened(clean(str(place)), 400)}" if place else ""
    said = f"This memory session is {name}{files}. Candidates are reviewed by a person before they are shared.\n"
    return _framed(said)


def _framed(text: str) -> str:
    from memcli.core.pack.frame import framed

    return framed(text)


def _asked(workspace: Workspace, prompt: str) -> str:
    """What is known about a prompt; nothing where nothing relevant is."""
    if not prompt.strip():
        return ""
    from memcli.core.pack.plan import ABOUT
    from memcli.operations.recall.hydrate import HydrateRequest, hydrate

    return hydrate(workspace, HydrateRequest(task=prompt, budget=PROMPT_TOKENS, hook="prompt", only=(ABOUT,))).text


def _compacted(workspace: Workspace) -> str:
    """The pack, for what is left of a conversation that is cut short."""
    from memcli.operations.recall.hydrate import HydrateRequest, hydrate

    return hydrate(workspace, HydrateRequest(hook="compact")).text


def _before_edit(workspace: Workspace, path: str) -> str:
    """The constraints, fragile places and earlier attempts of a path, once for each file and session."""
    name = workspace.selection.name
    (path,) = in_repository(workspace.layout.worktree, (without_private(path)[0],)) or ("",)
    if not path or name is None or (workspace.excludes and workspace.excludes.excludes(path)):
        return ""
    shown = _live(workspace) / f"{name}.edits"
    known = shown.read_text(encoding="utf-8").splitlines() if shown.exists() else []
    if path in known:
        return ""
    # most paths have none: the pack's machinery costs twice as much as this look
    with Reader(workspace).view() as view:
        there = next(view.records(Filters(paths=(path,), types=HAZARDS)), None)
    text = _hazards(workspace, path) if there else ""
    with suppress(OSError):
        shown.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        with shown.open("a", encoding="utf-8") as stream:
            stream.write(f"{path}\n")
    return text


def _hazards(workspace: Workspace, path: str) -> str:
    from memcli.core.pack.plan import PATHS
    from memcli.operations.recall.hydrate import HydrateRequest, hydrate

    return hydrate(workspace, HydrateRequest(paths=(path,), budget=EDIT_TOKENS, hook="edit", only=(PATHS,))).text
