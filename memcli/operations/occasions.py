"""What an agent is told at the moments that its harness offers: when it begins, when it is asked, before it edits.

Nothing here drains what others wait for, except that a beginning may take the lock for a moment; everything is bounded,
since somebody is waiting in front of a terminal.
"""

from __future__ import annotations

import os
import re
import time
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

from memcli.agents.events import AGENTS, edited, said, session_id
from memcli.core.plan import ABOUT, PATHS
from memcli.core.private import without_private
from memcli.core.record import Filters
from memcli.errors import MemError
from memcli.operations.entries import entry_for
from memcli.operations.gathering import HAZARDS, in_repository
from memcli.operations.reading import open_view
from memcli.operations.write import settle
from memcli.repo.detached import detached
from memcli.repo.lock import hold
from memcli.repo.owners import LIVE, is_over, mark_owner, owner
from memcli.workspace import Workspace, opened

PATIENCE = 1.0
"""Seconds that a beginning may wait for the lock."""
TWICE = 30.0
"""Seconds within which the same event of the same session is the same event: some harnesses call twice. Who was killed
and comes back at once is another process."""
PROMPT_TOKENS, EDIT_TOKENS = 600, 500
LONGEST = 300
"""Characters of a path that is told."""


def occasion(agent: str, event: str, payload: Mapping[str, object], place: str, environ: Mapping[str, str]) -> str:
    """The text for the agent; `` where there is nothing to say."""
    known = dict(payload)
    workspace = opened(place, AGENTS.get(agent, agent), session_id(known))
    if _is_repeated(workspace, agent, event, known):
        return ""
    if event == "session-start":
        return begin(workspace, agent, said(known, "source"), environ)
    if event == "prompt":
        return _asked(workspace, said(known, "prompt"))
    return _before_edit(workspace, edited(known))


def _is_repeated(workspace: Workspace, agent: str, event: str, payload: dict[str, object]) -> bool:
    """Whether the same event came a moment ago, or another adapter of the same harness answers it."""
    if event != "session-start" or not session_id(payload):
        return False
    source = re.sub(r"[^a-z]", "", without_private(said(payload, "source"))[0].lower())[:20]
    mark = _live(workspace) / f"{workspace.selection.name}.{agent}.{source or 'start'}"
    caller, name = owner(os.getppid()), workspace.selection.name or ""
    try:
        recent = time.time() - mark.stat().st_mtime < TWICE and mark.read_text(encoding="ascii") == caller
    except (OSError, ValueError):
        recent = False
    recent = recent and not is_over(workspace.layout.mem_dir, name)
    if not recent:
        mark.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        mark.write_text(caller, encoding="ascii")
    return recent


def _live(workspace: Workspace) -> Path:
    """Where running sessions leave their marks."""
    return workspace.layout.mem_dir / LIVE


def begin(workspace: Workspace, agent: str, source: str, environ: Mapping[str, str]) -> str:
    """Start the harness's session, or find it again; what it is told first."""
    from memcli.operations.hydrate import hydrate
    from memcli.operations.orphans import sweep

    workspace.main()
    is_left = sweep(workspace)
    name = workspace.selection.writable() or workspace.fresh_session()
    if not workspace.selection.is_open(name) and not workspace.journal.entries(name):
        workspace.journal.append(entry_for(workspace, "start", name, note={"summary": f"{agent} {source}".strip()}))
    _mark(workspace, name)  # first: who sweeps meanwhile must not take it for left behind
    place = _ready(workspace, name)
    _mark(workspace, name)  # again: who has just closed it has taken the mark away
    _export(environ, name)
    if is_left:
        detached(["worker"], place=str(workspace.config.directory), environ=environ)
    pack = hydrate(workspace, occasion="compact" if source == "compact" else "session-start")
    return "\n".join(filter(None, (pack.text.rstrip("\n"), _standing(name, place))))


def _mark(workspace: Workspace, name: str) -> None:
    with suppress(OSError):
        mark_owner(workspace.layout.mem_dir, name, os.getppid())


def _ready(workspace: Workspace, name: str) -> Path | None:
    """The session with its directory of files; None where the lock is busy or nothing can be written there."""
    from memcli.operations.orphans import begin_anew
    from memcli.operations.session_path import materialise

    try:
        with hold(workspace.layout.mem_dir / "lock", PATIENCE) as held:
            if held:
                settle(workspace, name)
            if begin_anew(workspace, name) and held:
                settle(workspace, name)
        name = workspace.selection.successor(name)
        return materialise(workspace, name) if workspace.selection.is_open(name) else None
    except (MemError, OSError):
        return None  # a sandbox that forbids writing below `.git`: its writes are spooled


def _export(environ: Mapping[str, str], name: str) -> None:
    """Where the harness takes variables for what it runs, name the session in them."""
    file = environ.get("CLAUDE_ENV_FILE")
    if not file:
        return
    try:
        with Path(file).open("a", encoding="utf-8") as stream:
            stream.write(f"export MEM_SESSION={name}\n")
    except OSError:
        return


def _standing(name: str, place: Path | None) -> str:
    """Where the agent stands, as facts."""
    is_plain = place is not None and len(str(place)) <= LONGEST and str(place).isprintable()
    files = f"; its files are in {place}" if is_plain else ""
    return f"mem: this session is {name}{files}. Candidates are reviewed by a person before they are shared."


def _asked(workspace: Workspace, prompt: str) -> str:
    """What is known about a prompt; nothing where nothing relevant is."""
    if not prompt.strip():
        return ""
    from memcli.operations.hydrate import hydrate

    return hydrate(workspace, task=prompt, budget=PROMPT_TOKENS, occasion="prompt", only=(ABOUT,)).text


def _before_edit(workspace: Workspace, path: str) -> str:
    """The constraints, fragile places and earlier attempts of a path, once for each file and session."""
    name = workspace.selection.name
    path = without_private(path)[0]
    if not path or name is None:
        return ""
    shown = _live(workspace) / f"{name}.edits"
    known = shown.read_text(encoding="utf-8").splitlines() if shown.exists() else []
    if path in known:
        return ""
    with open_view(workspace) as view:  # most paths have none: the pack's machinery costs twice as much as this look
        there = next(view.records(Filters(paths=in_repository(workspace, (path,)), types=HAZARDS)), None)
    text = _hazards(workspace, path) if there else ""
    shown.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    with shown.open("a", encoding="utf-8") as stream:
        stream.write(f"{path.splitlines()[0]}\n")
    return text


def _hazards(workspace: Workspace, path: str) -> str:
    from memcli.operations.hydrate import hydrate

    return hydrate(workspace, paths=(path,), budget=EDIT_TOKENS, occasion="edit", only=(PATHS,)).text
