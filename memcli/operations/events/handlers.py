"""What an agent receives at the events of its harness: at the start of a session, at a prompt, at a read or an edit.

Everything is bounded, because somebody waits at a terminal: nothing here drains the journal, except that a session
start takes the lock for a moment if it is free.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from memcli.agents.adapter import Adapter
from memcli.agents.events import (
    DELEGATE,
    HOOK_EVENTS,
    MENTION,
    PRE_COMPACT,
    PRE_EDIT,
    PROMPT,
    SESSION_START,
    SUBAGENT_START,
)
from memcli.git.layout import Layout
from memcli.operations.events.told_paths import MOST_DELEGATED, PathList, delegated_paths, told_paths
from memcli.operations.recall.touched_paths import HAZARDS, files_named, relative_paths

if TYPE_CHECKING:
    from memcli.operations.recall.hydrate import HydrateRequest
    from memcli.workspace import Workspace

PROMPT_TOKENS, EDIT_TOKENS, SUBAGENT_TOKENS = 600, 500, 800
Payload = Mapping[str, object]


def text_for(adapter: Adapter, event: str, payload: Payload, layout: Layout, environ: Mapping[str, str]) -> str:
    """The text for the agent at an event; `` without any, and at events that have none."""
    handler = HookHandler(layout, adapter, payload)
    if event == SESSION_START:
        from memcli.operations.events.session_start import SessionStart

        start = SessionStart(handler.workspace, adapter, payload, environ)
        return "" if start.is_duplicate() else start.text()
    texts: dict[str, Callable[[], str]] = {
        PROMPT: handler.at_prompt,
        MENTION: handler.at_mention,
        PRE_EDIT: handler.before_edit,
        PRE_COMPACT: handler.at_compaction,
        DELEGATE: handler.at_delegation,
        SUBAGENT_START: handler.at_subagent_start,
    }
    return texts[event]() if event in texts else ""


@dataclass(frozen=True)
class HookHandler:
    """The events of a session that is running."""

    layout: Layout
    adapter: Adapter
    payload: Payload

    @cached_property
    def workspace(self) -> Workspace:
        """Opened when something has to be looked up: most prompts name no file."""
        from memcli.workspace import opened

        directory = self.layout.worktree or self.layout.common_dir
        return opened(directory, self.adapter.agent, self.adapter.session_id(self.payload))

    def at_prompt(self) -> str:
        """What is known about the prompt, and the constraints of the files that it names."""
        from memcli.core.review.recorded_text import recordable

        prompt = recordable(self.adapter.prompt(self.payload))
        if not prompt.strip():
            return ""
        from memcli.core.pack.plan import ABOUT, PATHS
        from memcli.operations.recall.hydrate import HydrateRequest

        paths = self._untold_hazards(self._files_named(prompt))
        hook = HOOK_EVENTS[PROMPT].pack
        return self._pack(
            HydrateRequest(task=prompt, paths=paths, budget=PROMPT_TOKENS, hook=hook, only=(PATHS, ABOUT))
        )

    def at_mention(self) -> str:
        """The constraints of the files that the prompt names."""
        return self._hazards(self._files_named(self.adapter.prompt(self.payload)), MENTION)

    def before_edit(self) -> str:
        """The constraints, fragile places and earlier attempts of the file, once per file and session."""
        path = self.adapter.edited_path(self.payload)
        if not path or not path.isprintable():
            return ""
        path = os.path.normpath(Path(self.adapter.working_directory(self.payload), path))
        return self._hazards(relative_paths(self.layout.worktree, (path,)), PRE_EDIT)

    def at_compaction(self) -> str:
        """The pack again: the conversation is about to be shortened."""
        from memcli.operations.recall.hydrate import HydrateRequest

        return self._pack(HydrateRequest(hook=HOOK_EVENTS[PRE_COMPACT].pack))

    def at_delegation(self) -> str:
        """Nothing: the files that a sub-agent's task names are noted for its start, which is not told the task."""
        paths = self._files_named(self.adapter.delegated_task(self.payload))
        session = self.workspace.selection.name if paths else None
        if session:
            delegated_paths(self.layout.mem_dir, session).add(paths)
        return ""

    def at_subagent_start(self) -> str:
        """A short pack: what is pinned, and the constraints of the files that the tasks of sub-agents have named."""
        from memcli.core.pack.plan import PATHS, PINNED
        from memcli.operations.recall.hydrate import HydrateRequest

        session = self.workspace.selection.name
        if session is None:
            return ""
        named = delegated_paths(self.layout.mem_dir, session).read()
        paths = self._untold_hazards(tuple(dict.fromkeys(named))[-MOST_DELEGATED:])
        hook = HOOK_EVENTS[SUBAGENT_START].pack
        return self._pack(HydrateRequest(paths=paths, budget=SUBAGENT_TOKENS, hook=hook, only=(PINNED, PATHS)))

    def _files_named(self, text: str) -> tuple[str, ...]:
        """The files of the worktree that a text names."""
        worktree = self.layout.worktree
        return files_named(worktree, self.adapter.working_directory(self.payload) or worktree, text) if text else ()

    def _hazards(self, paths: Sequence[str], event: str) -> str:
        """The pack of what an agent should know before it edits these files; `` if it knows already."""
        found = self._untold_hazards(paths)
        if not found:
            return ""
        from memcli.core.pack.plan import PATHS
        from memcli.operations.recall.hydrate import HydrateRequest

        hook = HOOK_EVENTS[event].pack
        return self._pack(HydrateRequest(paths=found, budget=EDIT_TOKENS, hook=hook, only=(PATHS,)))

    def _untold_hazards(self, paths: Sequence[str]) -> tuple[str, ...]:
        """Those of some files with constraints that this agent has not been told yet; they count as told now."""
        told = self._told if paths else None
        if told is None:
            return ()
        known, excludes = set(told.read()), self.workspace.excludes
        new = [path for path in paths if path not in known and not (excludes and excludes.excludes(path))]
        if not new:
            return ()
        from memcli.core.review.recorded_text import recordable

        new = [recordable(path) for path in new]
        told.add(new)
        return self._with_hazards(new)

    @property
    def _told(self) -> PathList | None:
        session = self.workspace.selection.name
        subagent = self.adapter.subagent_id(self.payload)
        return told_paths(self.layout.mem_dir, session, subagent) if session else None

    def _with_hazards(self, paths: Sequence[str]) -> tuple[str, ...]:
        from memcli.core.memory.summary import Filters
        from memcli.operations.views.reader import Reader

        # most files have none, and a pack costs twice as much as this look
        with Reader(self.workspace).view() as view:
            return tuple(path for path in paths if any(view.records(Filters(paths=(path,), types=HAZARDS))))

    def _pack(self, request: HydrateRequest) -> str:
        from memcli.operations.recall.hydrate import hydrate

        return hydrate(self.workspace, request).text
