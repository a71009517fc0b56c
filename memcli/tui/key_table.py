"""What every key does, from the bindings themselves: for the help on the screen and for the documentation."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from textual.binding import Binding, BindingType
from textual.content import Content

from memcli.tui.deciding_screen import DecidingScreen
from memcli.tui.inbox_screen import InboxScreen
from memcli.tui.questions_screen import QuestionsScreen
from memcli.tui.safe_content import BOLD, NOTED, joined, safe
from memcli.tui.search_screen import SearchScreen

_NAMES = {
    "question_mark": "?", "full_stop": ".", "slash": "/", "escape": "esc", "shift+down": "shift-↓",
    "shift+up": "shift-↑", "down": "↓", "up": "↑",
}  # fmt: skip


def key_rows(bindings: Sequence[BindingType]) -> Iterator[tuple[str, str]]:
    """(keys, what they do) of a screen or program."""
    for binding in bindings:
        if isinstance(binding, Binding) and binding.tooltip:
            yield ", ".join(_name(key) for key in binding.key.split(",")), binding.tooltip


def _name(key: str) -> str:
    return _NAMES.get(key, key.replace("ctrl+", "ctrl-"))


def key_sections() -> list[tuple[str, Sequence[BindingType]]]:
    """The keys of the screens by what they are for."""
    return [
        ("Decide", DecidingScreen.BINDINGS),
        ("Look", InboxScreen.BINDINGS),
        ("Questions", QuestionsScreen.BINDINGS),
        ("Search", SearchScreen.BINDINGS),
    ]


def help_content(sections: Sequence[tuple[str, Sequence[BindingType]]]) -> Content:
    """The help: a heading for each section, a line for each key."""
    lines = list[Content]()
    for title, bindings in sections:
        lines += [safe(title, BOLD)]
        lines += [safe(f"  {keys:<12}", NOTED) + safe(text) for keys, text in key_rows(bindings)]
        lines += [safe("")]
    return joined(lines[:-1])
