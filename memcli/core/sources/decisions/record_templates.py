"""Telling templates of decision records from records: by placeholders in the title, the status and the text."""

from __future__ import annotations

import re

from memcli.core.sources.decisions.decision_status import DecisionStatus
from memcli.core.sources.decisions.record_labels import STATUS, label_of
from memcli.core.sources.decisions.record_places import is_template_place, record_name
from memcli.core.sources.decisions.record_text import LONGEST_LINE, RecordText
from memcli.core.sources.source_paths import is_template

_PLACEHOLDER = re.compile(
    r"\{[^{}\n]{2,200}\}|<[^\W\d_][^<>\n/=@.:]{1,80}[ …][^<>\n/=@]{0,80}>|\[[^\[\]\n]{3,200}\](?![(\[:])|"
    r"\b(?:YYYY|AAAA|JJJJ|RRRR|ГГГГ|TT|DD)[-./](?:MM|ММ)[-./](?:DD|JJ|TT|AAAA|YYYY|JJJJ|GG|ДД|YY)\b|"
    r"\b(?:ADR|RFC)-?(?:X{2,4}|N{2,4})\b"
)
_TITLE = re.compile(
    r"(?i)(?:m?adr|rfc|kep|pep|decision record)?[-\s#]*(?:\d+|[nx]{1,4}|[{<\[][^\]}>]{1,40}[\]}>])?[\s:.)–—-]*"
    r"(?:[{<\[][^\n]{0,200}[\]}>]|(?:adr |rfc )?(?:template|vorlage|plantilla|gabarit|modèle|modelo|sjabloon|szablon|"
    r"шаблон|模板|範本|テンプレート|템플릿)|(?:short |kurzer |decision |adr )?(?:title|titel|titre|título|titolo|tytuł|"
    r"название|заголовок|标题|標題|タイトル|제목)"
    r"(?: (?:of|der|de|da|du|des|della) .{0,60}| here)?|"
    r"your .{0,40}(?:title|name).{0,40}|my .{0,20}(?:title|feature).{0,20})\W*"
)
_FILLED_TITLE = re.compile(r"(?i)\[?(?:m?adr|rfc)-?\d+\]?[\s:.)–—-]+\w")
_TEMPLATE_WORD = r"(?i)\b(?:template|vorlage|plantilla|gabarit)\b|шаблон|模板|テンプレート|템플릿"
MANY, SHARE = 4, 0.5


def template_reason(record: RecordText, status: DecisionStatus) -> str:
    """Why a file is a template and no record; '' where it is not."""
    if is_template_place(record.path):
        return "a template"
    count, share = _placeholders(record)
    title = record.title.title.strip() if record.title else ""
    heading = _raw_title(record)
    is_zero = re.match(r"(?i)(?:adr|rfc)?[-_]?0+(?!\d)", record_name(record.path)) is not None
    if (
        heading
        and _TITLE.fullmatch(heading)
        and not _FILLED_TITLE.match(heading)
        and (count or is_zero or "{" not in heading)
    ):
        return "a template: its title is a placeholder"
    if is_template(title) or (is_zero and re.search(_TEMPLATE_WORD, title)):
        return "a template"
    is_filled = status.word is not None and not is_zero
    if not is_filled and (share > SHARE or (is_zero and count > 1) or (count >= MANY and _has_choices(record))):
        return "a template: it has placeholders"
    return ""


def _placeholders(record: RecordText) -> tuple[int, float]:
    """How many lines have placeholders, and their share of those that say something."""
    lines = [line[:LONGEST_LINE] for line in record.lines if re.search(r"\w", line)]
    held = [line for line in lines if _PLACEHOLDER.search(re.sub(r"`[^`]*`|\[[ xX]\]", "", line))]
    return len(held), len(held) / max(1, len(lines))


def _has_choices(record: RecordText) -> bool:
    """Whether the status is a list of choices in brackets."""
    values = [record.front(STATUS), *record.values(STATUS), *record.section(STATUS)]
    return any(re.search(r"[{\[<][^\]}>]*\w\s*[|/][^\]}>]*[\]}>]", value[:LONGEST_LINE]) for value in values)


def _raw_title(record: RecordText) -> str:
    if not record.title:
        return record.document.get("title")
    line = record.lines[record.title.line] if record.title.line < len(record.lines) else ""
    return re.sub(r"^[\s#=>]+|[\s#=]+$", "", line) or label_of(record.title.title)
