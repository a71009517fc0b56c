"""The hook events of `mem`, one row each. Every hook imports this, so it imports nothing itself."""

from __future__ import annotations

SESSION_START, SUBAGENT_START, SESSION_END = "session-start", "subagent-start", "session-end"
PROMPT = "prompt"
"""A prompt about which the memory is searched (`--recall`)."""
MENTION = "mention"
"""A prompt whose words are only looked at for names of files."""
PRE_EDIT = "pre-edit"
"""A file is read, or edited without that: what the agent should know before it decides on an edit."""
DELEGATE = "delegate"
"""A sub-agent is given a task."""
PRE_COMPACT, POST_COMPACT = "pre-compact", "post-compact"
STOP, SUBAGENT_STOP, SAVE = "stop", "subagent-stop", "save"
FOLLOW_BRANCHES = "follow-branches"
"""Asks git which code branches were merged, in the background; no harness sends it."""
FROM_PLUGIN = "--plugin"
"""Follows the event where a plugin calls: hooks that were installed one by one are served instead, if there are any."""
LIMIT = 2.0
"""Seconds for an event without a limit of its own, and for unknown ones."""


class HookEvent:
    """An event: seconds that it may take, whether it saves the session's files, whether it answers every harness with a
    text (one that `saves` may answer a harness that takes it), and the name of the event in its pack."""

    def __init__(
        self, name: str, limit: float = LIMIT, saves: bool = False, answers: bool = False, pack: str = ""
    ) -> None:
        self.name, self.limit, self.saves, self.answers, self.pack = name, limit, saves, answers, pack


HOOK_EVENTS = {
    event.name: event
    for event in (
        HookEvent(SESSION_START, 8.0, answers=True, pack="session-start"),
        HookEvent(PROMPT, 4.0, answers=True, pack="prompt"),
        HookEvent(MENTION, 3.0, answers=True, pack="mention"),
        HookEvent(PRE_EDIT, 3.0, answers=True, pack="edit"),
        HookEvent(DELEGATE, answers=True),
        HookEvent(SUBAGENT_START, 4.0, answers=True, pack="subagent"),
        HookEvent(PRE_COMPACT, 8.0, saves=True, pack="compact"),
        HookEvent(POST_COMPACT, saves=True),
        HookEvent(STOP, saves=True),
        HookEvent(SUBAGENT_STOP, saves=True),
        HookEvent(SAVE, saves=True),
        HookEvent(SESSION_END),
        HookEvent(FOLLOW_BRANCHES, 60.0),
    )
}
"""Name → event; any other event does nothing."""
