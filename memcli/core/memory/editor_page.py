"""A page for an editor: a text, and below it lines that explain it, which are no part of what is written.

Only lines that are exactly those of the explanation are removed, wherever they stand: a heading of the author's own
begins with `#` as well. Line numbers in messages are those of the page.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from memcli.core.memory.document import DocumentError, parse_document
from memcli.core.text.line_map import map_line_back

_LINE = re.compile(r"(?P<body>body, )?\bline (?P<number>\d+)\b")


def page_text(text: str, explanation: Sequence[str]) -> str:
    """The page that an editor opens."""
    return "\n".join([text.removesuffix("\n"), "", *explanation, ""])


def without_explanation(page: str, explanation: Sequence[str]) -> str:
    """What was written on a page."""
    lines = page.split("\n")
    if explanation and explanation[0] in lines:
        first = lines.index(explanation[0])
        if first and not lines[first - 1]:
            del lines[first - 1]  # the blank line that parts the text from the explanation
    return "\n".join(line for line in lines if line not in explanation)


def with_page_lines(message: str, checked: str, page: str) -> str:
    """A message about the lines of a text that was checked, with the numbers that these lines have on the page.

    `body, line 2` is the body's second line. A line that is not on the page is one of the front matter that mem wrote.
    """
    old, new = (text.encode("utf-8", "surrogatepass").split(b"\n") for text in (page, checked))

    def place(match: re.Match[str]) -> str:
        number = int(match["number"]) - 1 + (_body_start(checked) if match["body"] else 0)
        index = map_line_back(old, new, number) if number < len(new) else None
        return "front matter" if index is None else f"line {index + 1}"

    return _LINE.sub(place, message)


def _body_start(text: str) -> int:
    """The lines above the body of a file."""
    try:
        body = parse_document(text).body
    except DocumentError:
        return 0
    return text.removesuffix(body).count("\n")
