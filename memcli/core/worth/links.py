"""How many extracts of other files refer to a file."""

from __future__ import annotations

import posixpath
import re
from collections import Counter
from collections.abc import Iterable, Iterator

from memcli.core.sources.source_reader import Extract

_TARGET = re.compile(
    r"\]\(([^()\s#]{1,300})|:doc:`[^`<\n]{0,200}<?([^`<>\n]{1,200})>?`|^\.\. include:: (\S{1,200})", re.M
)


def links_to(extracts: Iterable[Extract]) -> Counter[str]:
    """{path: how many extracts of other files link to it}."""
    counts: Counter[str] = Counter()
    for extract in extracts:
        counts.update(set(_targets(extract)) - {extract.path})
    return counts


def _targets(extract: Extract) -> Iterator[str]:
    directory = posixpath.dirname(extract.path)
    for groups in _TARGET.findall(extract.memory.body):
        target = next(filter(None, groups), "")
        if target and ":" not in target:
            yield posixpath.normpath(posixpath.join("" if target.startswith("/") else directory, target.lstrip("/")))
