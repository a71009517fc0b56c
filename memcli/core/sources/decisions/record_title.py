"""The title of a decision record: its claim without number, kind of record, date and file name."""

from __future__ import annotations

import re

from memcli.core.sources.decisions.record_labels import DECISION, SECTIONS, label_of
from memcli.core.sources.decisions.record_places import record_name
from memcli.core.sources.decisions.record_text import RecordText
from memcli.core.sources.decisions.status_words import leading_status
from memcli.core.sources.passage_text import LONGEST_TITLE, humanise, short_title, word_list
from memcli.core.sources.titles import first_claim, heading_title

_GENERIC_TITLES = (
    SECTIONS
    | word_list("summary title introduction overview abstract adr rfc kep pep adrs einleitung résumé resumen resumo")
    | {"decision record", "architecture decision record", "architectural decision record", "decision log", "design", ""}
    | {
        "architekturentscheidung",
        "registro de decisión",
        "registro de decisão",
        "架构决策记录",
        "架構決策記錄",
        "設計判断記録",
    }
)
_KIND = (
    r"(?:madr|adr|rfc|kep|pep|tep|architecture decision record|architectural decision record|decision record|decision|"
    r"architekturentscheidung|entscheidung|décision|decisión|decisão|решение|决策|決策|決定)"
)
_CHOSEN = (
    r"(?i)\bwe (?:have )?decided (?:for|to|on|that)\s+(.{5,300}?)"
    r"(?:,| and (?:against|neglected|rejected)\b| to achieve\b|\.(?:\s|$)|$)"
)


def decision_title(record: RecordText, number: int | None) -> str:
    """The heading without its number; where that is generic, what the record decides, else the name of its file."""
    heading = record.title.title if record.title else ""
    for candidate in (heading, record.document.get("title", "titel", "titre", "título")):
        title = title_without_number(candidate, number)
        if label_of(title) not in _GENERIC_TITLES:
            return title[:1].upper() + title[1:]
    return _claim(record) or _first_line(record) or _name(record)


def title_without_number(title: str, number: int | None) -> str:
    """`8. Title`, `ADR-008: Title` and `0008 Title` as `Title`; a number that belongs to the title stays.

    `number`: the record's own number, where it is known.
    """
    title = short_title(title)
    named = re.match(rf"(?i)[\[(]?{_KIND}[\s#:_№-]*[a-z]{{0,4}}-?0*\d[\d.]*\s*[.:：)\]–—-]*\s*(?=\S|$)", title)
    listed = re.match(r"[\[#(]*\d+\s*[.:：)\]–—-]+\s+(?=\S)", title)
    bare = re.match(r"0*(\d+)\s+(?=\S)", title)
    own = bare if bare and number is not None and int(bare[1]) == number else None
    match = named or listed or own
    rest = title[match.end() :] if match else title
    rest = re.sub(rf"(?i)^{_KIND}\s*[:：–—-]\s*", "", rest).strip()
    shown = heading_title(rest) or rest
    ending = re.search(r"\s*[(\[]([^()\[\]]{3,30})[)\]]$", shown)
    return shown[: ending.start()] if ending and leading_status(ending[1]) else shown


def _claim(record: RecordText) -> str:
    """What the record decides: the first sentence of its decision, or what a Y-statement decides for."""
    chosen = re.search(_CHOSEN, " ".join(record.document.body[:4000].split()))
    if chosen and not record.has_section(DECISION):
        return short_title(chosen[1][:1].upper() + chosen[1][1:])
    return first_claim("\n".join(record.section(DECISION)))


def _first_line(record: RecordText) -> str:
    """The first line of a plain text without headings, where it stands alone."""
    lines = [line for line in record.document.body.split("\n", 3)[:2] if line]
    is_title = len(lines) == 1 and len(lines[0]) <= LONGEST_TITLE and ":" not in lines[0]
    return short_title(lines[0]) if is_title and not record.headings else ""


def _name(record: RecordText) -> str:
    stem = record_name(record.path)
    name = re.sub(r"^(?i:adr|rfc|pep)?[-_ ]*[\d-]+[-_. ]*", "", stem)
    return short_title(humanise(record.document.get("feature_name") or name or stem)) or "Decision"
