"""The table of harnesses in docs/hooks.md, made from the adapters."""

from __future__ import annotations

from memcli.agents.adapter import Adapter
from memcli.agents.registry import adapters

MOMENTS = {"session-start": "session start", "mention": "prompt", "pre-edit": "read or edit",
           "subagent-start": "sub-agent's start", "pre-compact": "compaction"}  # fmt: skip


def harness_table() -> str:
    """The block of docs/hooks.md: for each harness its files, its events and when it takes a text."""
    rows = "".join(f"| `{adapter.name}` | {_files(adapter)} | {_events(adapter)} | {_text_at(adapter)} |\n"
                   for adapter in adapters().values())  # fmt: skip
    return f"| `--agent` | hook file (scope) | events | receives text at |\n|---|---|---|---|\n{rows}\n"


def _files(adapter: Adapter) -> str:
    homes = {"tree": ".", "home": "~", "config": "~/.config", "own": f"${adapter.home_variable}"}
    default, *others = (
        f"`{pattern.format(**homes).removeprefix('./')}` ({scope})" for scope, pattern in adapter.hook_files.items()
    )
    return ", ".join((f"{default[:-1]}, the default)", *others))


def _events(adapter: Adapter) -> str:
    return ", ".join(dict.fromkeys(event for event, _, _ in adapter.hook_events))


def _text_at(adapter: Adapter) -> str:
    events = [ours for _, ours, _ in adapter.hook_events if adapter.takes_text(ours)]
    return ", ".join(MOMENTS[event] for event in events if event in MOMENTS) or "never"
