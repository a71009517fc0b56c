"""What an agent receives at the events of its harness: at the start of a session, at a prompt, before an edit.

Everything is bounded, because somebody waits at a terminal: nothing here drains the journal, except that a session
start takes the lock for a moment if it is free.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from memcli.agents.adapter import Adapter
from memcli.agents.events import HOOK_EVENTS, PRE_COMPACT, PRE_EDIT, PROMPT, SESSION_START
from memcli.core.memory.summary import Filters
from memcli.core.review.recorded_text import recordable
from memcli.operations.recall.touched_paths import HAZARDS, relative_paths
from memcli.operations.views.reader import Reader
from memcli.state.liveness import marks_dir
from memcli.system.file_modes import make_directory
from memcli.workspace import Workspace, opened

if TYPE_CHECKING:
    from memcli.operations.recall.hydrate import HydrateRequest

PROMPT_TOKENS, EDIT_TOKENS = 600, 500
Payload = Mapping[str, object]


def text_for(adapter: Adapter, event: str, payload: Payload, directory: str, environ: Mapping[str, str]) -> str:
    """The text for the agent at an event; `` without any, and at events that have none."""
    workspace = opened(directory, adapter.agent, adapter.session_id(payload))
    if event == SESSION_START:
        from memcli.operations.events.session_start import SessionStart

        start = SessionStart(workspace, adapter, payload, environ)
        return "" if start.is_duplicate() else start.text()
    handler = HookHandler(workspace, adapter, payload)
    texts = {PROMPT: handler.at_prompt, PRE_COMPACT: handler.at_compaction, PRE_EDIT: handler.before_edit}
    return texts[event]() if event in texts else ""


@dataclass(frozen=True)
class HookHandler:
    """The events of a session that is running."""

    workspace: Workspace
    adapter: Adapter
    payload: Payload

    def at_prompt(self) -> str:
        """What is known about the prompt."""
        prompt = recordable(self.adapter.prompt(self.payload))
        if not prompt.strip():
            return ""
        from memcli.core.pack.plan import ABOUT
        from memcli.operations.recall.hydrate import HydrateRequest

        return self._pack(
            HydrateRequest(task=prompt, budget=PROMPT_TOKENS, hook=HOOK_EVENTS[PROMPT].pack, only=(ABOUT,))
        )

    def at_compaction(self) -> str:
        """The pack again: the conversation is about to be shortened."""
        from memcli.operations.recall.hydrate import HydrateRequest

        return self._pack(HydrateRequest(hook=HOOK_EVENTS[PRE_COMPACT].pack))

    def before_edit(self) -> str:
        """The constraints, fragile places and earlier attempts of the file, once per file and session."""
        workspace, session = self.workspace, self.workspace.selection.name
        path = self._edited_path()
        if not path or session is None or (workspace.excludes and workspace.excludes.excludes(path)):
            return ""
        shown = ShownPaths(Path(marks_dir(workspace.layout.mem_dir), f"{session}.edits"))
        if path in shown.read():
            return ""
        text = self._hazards(path)
        shown.add(path)
        return text

    def _edited_path(self) -> str:
        """The file in the repository that is about to be edited; `` if there is none."""
        path = self.adapter.edited_path(self.payload)
        if not path or not path.isprintable():
            return ""
        path = os.path.normpath(Path(self.adapter.working_directory(self.payload), path))
        (path,) = relative_paths(self.workspace.layout.worktree, (recordable(path),)) or ("",)
        return path

    def _hazards(self, path: str) -> str:
        # most files have none, and a pack costs twice as much as this look
        with Reader(self.workspace).view() as view:
            if next(view.records(Filters(paths=(path,), types=HAZARDS)), None) is None:
                return ""
        from memcli.core.pack.plan import PATHS
        from memcli.operations.recall.hydrate import HydrateRequest

        return self._pack(
            HydrateRequest(paths=(path,), budget=EDIT_TOKENS, hook=HOOK_EVENTS[PRE_EDIT].pack, only=(PATHS,))
        )

    def _pack(self, request: HydrateRequest) -> str:
        from memcli.operations.recall.hydrate import hydrate

        return hydrate(self.workspace, request).text


@dataclass(frozen=True)
class ShownPaths:
    """The files that a session has already been warned about, one line each."""

    file: Path

    def read(self) -> list[str]:
        return self.file.read_text(encoding="utf-8").splitlines() if self.file.exists() else []

    def add(self, path: str) -> None:
        with suppress(OSError):  # below a read-only `.git` the warning is repeated
            make_directory(self.file.parent)
            with self.file.open("a", encoding="utf-8") as stream:
                stream.write(f"{path}\n")
