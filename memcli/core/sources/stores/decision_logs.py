"""Logs in which a decision is several sections: *Decision*, *Rationale*, *Implementation Details*."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from memcli.core.sources.stores.store_sections import StoreSection

_DECISION = r"(?i)decisions?(?: \([^)]{0,40}\))?:?"
_DECISION_PART = (
    r"(?i)(?:rationale|reason(?:ing|s)?|implementation(?: details)?|consequences|context|alternatives(?: considered)?|"
    r"impact|implications|trade-?offs)(?: \([^)]{0,40}\))?:?"
)


def whole_decisions(sections: Iterable[StoreSection]) -> Iterator[StoreSection]:
    """The sections; a *Decision* with the *Rationale*, *Implementation Details* and the like below it is one."""
    group: list[StoreSection] = []
    for section in sections:
        if group and re.fullmatch(_DECISION_PART, section.part.title):
            group.append(section)
            continue
        if group:
            yield _joined(group)
        group = [section] if re.fullmatch(_DECISION, section.part.title) else []
        if not group:
            yield section
    if group:
        yield _joined(group)


def _joined(sections: Sequence[StoreSection]) -> StoreSection:
    """Sections that follow each other as one, with the headings of all but the first."""
    first, *rest = sections
    later = (f"**{section.part.title}**\n\n{section.part.text}" for section in rest)
    text = "\n\n".join((first.part.text, *later))
    return replace(first, part=replace(first.part, text=text), headings=("", first.part.title))
