"""A list in which keys and the mouse only move; what else a key does is the screen's."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.content import Content
from textual.widgets import OptionList
from textual.widgets.option_list import Option


class MovingList(OptionList, inherit_bindings=False):
    """Lines to choose from, with the arrow keys or those of vi; they are written anew for every width."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("down,j", "cursor_down", "down", show=False),
        Binding("up,k", "cursor_up", "up", show=False),
        Binding("home,g", "first", "first", show=False),
        Binding("end,G", "last", "last", show=False),
        Binding("pagedown", "page_down", "page down", show=False),
        Binding("pageup", "page_up", "page up", show=False),
    ]

    def __init__(self, classes: str | None = None) -> None:
        super().__init__(markup=False, compact=True, classes=classes)
        self._written: Callable[[int], Iterable[Content]] = lambda _width: ()
        self._width = 0

    def fill(self, written: Callable[[int], Iterable[Content]], headings: Collection[int] = ()) -> None:
        """Show the lines that `written` makes for a width; those at the places of `headings` cannot be chosen."""
        self._written = written
        lines = enumerate(written(max(self._width, 40)))
        self.set_options([Option(line, disabled=place in headings) for place, line in lines])

    def redraw(self) -> None:
        """Write the lines anew, as many as before."""
        for place, line in enumerate(self._written(max(self._width, 40))):
            self.replace_option_prompt_at_index(place, line)

    def on_resize(self) -> None:
        width = self.scrollable_content_region.width
        if width != self._width:
            self._width = width
            self.redraw()
