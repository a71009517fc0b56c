"""The dates of what was read from the code: those of its newest lines, as the history of the code tells them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime

from memcli.core.sources.source_reader import Extract
from memcli.git.code_tree import Code
from memcli.git.line_dates import line_dates


def true_dates(code: Code | None, common_dir: str, extracts: Iterable[Extract], now: datetime) -> dict[str, datetime]:
    """{source.ref: date} for extracts that state none: when the newest of their lines was committed, now where no
    commit has them. Raises Failure."""
    open_ones = [extract for extract in extracts if not (extract.dated or extract.document)]
    places = {_ref(extract): (extract.path, _lines(extract, code)) for extract in open_ones}
    wanted = defaultdict[str, set[str]](set)
    for path, lines in places.values():
        wanted[path] |= lines
    named = {path: lines for path, lines in wanted.items() if lines}
    dates = line_dates(code.odb, common_dir, code.commit, named) if code and named else {}
    return {
        ref: max((date for line, date in dates.get(path, {}).items() if line in lines), default=now)
        for ref, (path, lines) in places.items()
    }


def _ref(extract: Extract) -> str:
    return extract.memory.source.ref or ""


def _lines(extract: Extract, code: Code | None) -> frozenset[str]:
    """The lines of an extract that its file has at the code's commit; the line where it begins if the file does not
    have its text as it is."""
    if code is None or extract.path not in code.files:
        return frozenset()
    text = [line.strip() for line in code.content(extract.path).decode("utf-8", "replace").splitlines()]
    own = frozenset(map(str.strip, extract.memory.body.splitlines())) - {""}
    return own & frozenset(text) or frozenset(filter(None, text[extract.line - 1 : extract.line]))
