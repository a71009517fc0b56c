"""The other records that a decision record names: by link, number or title."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from memcli.core.sources.decisions.record_labels import PARTLY, SUPERSEDED_BY, SUPERSEDES, names_nothing
from memcli.core.sources.passage_text import plain_text

_NUMBERS = re.compile(
    r"(?i)(?:\b(?:adr|rfc|pep|kep|mep|madr|decision|record|number|no\.?|nr\.?|решени\w+|decisión|décision|decisão|entscheidung)s?|#)[\s#_.:-]*0*(\d{1,5})\b|"
    r"(?:adr|rfc)[\s#_.-]*0*(\d{1,5})(?!\d)|\b0+(\d{1,4})\b(?!-\d)|^\W*(\d{1,4})\b(?![-/]\d)"
)
_MARKDOWN_LINK = re.compile(r"\[([^\[\]]{0,300})\]\(([^()\s]{1,500})[^()]{0,200}\)")
_OTHER_LINKS = re.compile(
    r"\[\[([^\[\]|]{1,300})[^\[\]]{0,300}\]\]|(?:xref|link):([^\[\s]{1,300})\[|<<([^<>,\s]{1,300})|`[^`<>]{0,200}<([^<>]{1,300})>`|:doc:`([^`<>]{1,300})`"
)


@dataclass(frozen=True)
class RecordReference:
    """Another record as a record refers to it: by link target, number or title."""

    target: str = ""
    number: int | None = None
    title: str = ""

    @property
    def text(self) -> str:
        """How it is written."""
        return self.title or self.target or f"{self.number}"

    @property
    def is_certain(self) -> bool:
        """Whether it is a link or a number, and not any text."""
        return bool(self.target) or self.number is not None


def named_records(lines: Sequence[str], verb: str) -> tuple[RecordReference, ...]:
    """The records named after a verb, or on the lines below it where its line ends with it."""
    references: list[RecordReference] = []
    for n, line in enumerate(lines):
        for match in re.finditer(verb, line, re.IGNORECASE):
            if re.search(PARTLY, line[: match.end() + 12]):
                continue
            rest = re.split(f"{SUPERSEDES}|{SUPERSEDED_BY}", line[match.end() :], maxsplit=1, flags=re.IGNORECASE)[0]
            if not match[0].isascii() and not re.search(r"\d|\[", rest):
                rest = line[: match.end()]  # `被 ADR-3 取代`, `ADR-3に置き換え`: the record comes before the verb
            references += references_in(rest if re.search(r"\w", rest) else " ".join(lines[n + 1 : n + 4]))
    return tuple(dict.fromkeys(references))


def references_in(text: str) -> tuple[RecordReference, ...]:
    """The records that a text refers to: by links, else by numbers, else the text is a title."""
    text = text[:2000]
    if names_nothing(re.split(r"[.;]\s", text)[0]):
        return ()
    links = _MARKDOWN_LINK.findall(text)
    links += [(name, name) for groups in _OTHER_LINKS.findall(text) for name in groups if name]
    if links:
        return tuple(
            RecordReference(target, _number(label) or _number(target), plain_text(label)) for label, target in links
        )
    numbers = ["".join(groups) for groups in _NUMBERS.findall(text[:300])]
    if numbers:
        return tuple(RecordReference(number=int(number)) for number in dict.fromkeys(numbers))
    title = plain_text(re.split(r"[.;(]", text[:200])[0]).strip(" :\"'")
    return tuple(_path_or_title(part) for part in [title] if part)


def _path_or_title(text: str) -> RecordReference:
    is_path = re.fullmatch(r"[\w./-]+", text) and re.search(r"[/-]", text)
    return RecordReference(text, _number(text)) if is_path else RecordReference(title=text)


def _number(text: str) -> int | None:
    match = re.search(r"(?<!\d)0*(\d{1,5})(?!\d)", text.rstrip("/").rsplit("/", 1)[-1])
    return int(match[1]) if match else None
