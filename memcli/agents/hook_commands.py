"""The command lines of hooks: how they are written, and how ours are recognised.

Ours are known by their tail, so that any way to launch `mem` is found and can be removed.
"""

from __future__ import annotations

import re

from memcli.agents.events import FROM_PLUGIN
from memcli.agents.registry import HARNESSES

_TAIL = re.compile(rf"\bmem(?:\.exe)?[\"']?\s+hook\s+({'|'.join((*HARNESSES, 'git'))})\s+([a-z-]+)")


def calls_mem(command: str) -> bool:
    """Whether a command line calls `mem hook`."""
    return _TAIL.search(command) is not None


def probe_of(command: str) -> str:
    """The same command line with the event `probe`, which does nothing."""
    return _TAIL.sub(lambda match: match[0][: match.start(2) - match.start()] + "probe", command)


def without_guard(command: str) -> str:
    """A command line without what makes it silent where `mem` is not installed."""
    return command.partition("}; ")[2] if command.startswith("command -v ") else command


def shared_command(launcher: str, harness: str, event: str) -> str:
    """A command for a file that a team shares: without `mem` it prints an empty answer and no error."""
    command = personal_command(launcher, harness, event)
    return f"command -v {launcher} >/dev/null 2>&1 || {{ echo '{{}}'; exit 0; }}; {command}"


def personal_command(launcher: str, harness: str, event: str) -> str:
    """A command for a file of one person."""
    return f"{launcher} hook {harness} {event}"


def plugin_command(harness: str, event: str) -> str:
    """A command for a plugin that others install: silent without `mem`, and without effect beside hooks of its own."""
    return f"{shared_command('mem', harness, event)} {FROM_PLUGIN}"
