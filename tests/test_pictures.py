"""Pictures of a terminal show what the terminal shows: text, colours, wide letters, in their cells."""

from __future__ import annotations

import sys
from xml.etree import ElementTree

from tests.pictures import NBSP, Terminal, as_svg

_PROGRAM = r"""
print("\x1b[1;34m<bold>\x1b[0m \x1b[2mdim\x1b[0m \x1b[7mreversed\x1b[0m")
print("   権限 wide", input("? "))
"""


def test_a_picture_holds_what_was_shown_and_typed() -> None:
    screen = Terminal(40, 10).screen([sys.executable, "-c", _PROGRAM], ["yes\\n"])
    root = ElementTree.fromstring(as_svg(screen))
    texts = [(element.text or "").replace(NBSP, " ") for element in root.iter("{http://www.w3.org/2000/svg}text")]
    assert texts[:3] == ["<bold>", "dim", "reversed"] and "? yes" in texts
    assert any(text.startswith("権限 wide yes") for text in texts)
    fills = {element.text: element.get("fill") for element in root.iter("{http://www.w3.org/2000/svg}text")}
    assert len({fills["<bold>"], fills["dim"], fills["reversed"]}) == 3
    assert root.get("height") == "78", "three lines of eighteen, and the margins"
