"""A list in which keys and the mouse only move; what else a key does is the screen's."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.content import Content
from textual.widgets import OptionList
from textual.widgets.option_list import Option

_POINTER = "› "
"""Before the chosen line."""


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
        self._headings: Collection[int] = ()
        self._line_texts: list[Content] = []
        self._pointed: int | None = None
        self._width = 40

    def fill(self, written: Callable[[int], Iterable[Content]], headings: Collection[int] = ()) -> None:
        """Show the lines that `written` makes for a width; those at the places of `headings` cannot be chosen."""
        self._written, self._headings, self._pointed = written, headings, None
        self._line_texts = list(written(self._width - len(_POINTER)))
        places = range(len(self._line_texts))
        self.set_options([Option(self._line_at(place), disabled=place in headings) for place in places])

    def redraw(self) -> None:
        """Write the lines anew, as many as before."""
        self._line_texts = list(self._written(self._width - len(_POINTER)))
        for place in range(len(self._line_texts)):
            self.replace_option_prompt_at_index(place, self._line_at(place))

    def _line_at(self, place: int) -> Content:
        if place in self._headings:
            return self._line_texts[place]
        return Content(_POINTER if place == self._pointed else " " * len(_POINTER)) + self._line_texts[place]

    def watch_highlighted(self, highlighted: int | None) -> None:
        """Move the pointer, which tells the chosen line without colours, too."""
        before, self._pointed = self._pointed, highlighted
        for place in {before, highlighted} - {None}:
            if place is not None and place < min(len(self._line_texts), self.option_count):
                self.replace_option_prompt_at_index(place, self._line_at(place))
        super().watch_highlighted(highlighted)

    def on_resize(self) -> None:
        width = max(self.scrollable_content_region.width, 40)
        if width != self._width:
            self._width = width
            self.redraw()
