"""Which commands are ours: known by their tail, so that every form of launching `mem` is recognised and removable."""

from __future__ import annotations

import re

_TAIL = re.compile(r"\bmem(?:\.exe)?[\"']?\s+hook\s+(claude|codex|gemini|cursor|copilot|opencode|git)\s+([a-z-]+)")


def owned(command: str) -> bool:
    """Whether a command line calls `mem hook`."""
    return _TAIL.search(command) is not None


def probe(command: str) -> str:
    """The same command line with the event that does nothing."""
    return _TAIL.sub(lambda found: found[0][: found.start(2) - found.start()] + "probe", command)


def unguarded(command: str) -> str:
    """A command line without the guard that lets it be silent where there is no `mem`."""
    return command.partition("}; ")[2] if command.startswith("command -v ") else command


def guarded(launcher: str, agent: str, event: str) -> str:
    """A command for a file that is shared: who has no `mem` gets an empty answer and no error."""
    tail = f"{launcher} hook {agent} {event}"
    return f"command -v {launcher} >/dev/null 2>&1 || {{ echo '{{}}'; exit 0; }}; {tail}"


def direct(launcher: str, agent: str, event: str) -> str:
    """A command for a file of one person."""
    return f"{launcher} hook {agent} {event}"
