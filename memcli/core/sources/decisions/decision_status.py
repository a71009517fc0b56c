"""What a decision record says about itself: its status, its date, and which records it supersedes.

Invariant: only words at the beginning of a status line count, so prose about other decisions has no effect.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from memcli.core.sources.lenient_front_matter import LenientDocument
from memcli.core.sources.passage_text import plain_text, without_fences
from memcli.core.sources.written_dates import written_date

HEAD_LINES = 60
"""The first lines of a record, in which labels like `Status:` are looked for."""
_IN_FORCE = (
    "accepted|approved|adopted|active|implemented|implementing|done|decided|agreed|final|finali[sz]ed|complete|completed|"
    "ratified|merged|living|current|stable|landed|in force|in use|in effect|effective|enacted"
)
_PROPOSED = (
    "proposed|proposal|pending|draft|wip|in progress|in review|under review|in discussion|under discussion|review|open|"
    "rfc|deferred|postponed|on hold|provisional|candidate|experimental|trial|last call|tentative|unresolved"
)
_ENDED = (
    "deprecated|rejected|declined|withdrawn|abandoned|obsolete|obsoleted|cancelled|canceled|retired|discarded|reverted|"
    "not accepted|closed|expired|dropped|outdated|no longer relevant|no longer valid"
)
_END_OF_WORD = (
    r"(?=\s*(?:$|[.,;:()\[\]{}/!|–—-])|\s+(?:by|on|in|as|at|of|since|due|because|and|but|not|for|after|with|until|from|"
    r"implemented|\d))"
)
_SUPERSEDED = r"supers?[ce]e?ded|superseeded|replaced"
_PARTLY = r"(?i)\b(?:part(?:ly|ially)?|in part)\b"
_SUPERSEDED_BY = rf"\b(?:{_SUPERSEDED}|obsoleted)\s+(?:by|with|in)\b:?|\b(?:deprecated|abandoned) in favou?r of\b"
_SUPERSEDES = r"\b(?:supers?[ce]e?des|superseedes|replaces|obsoletes)\b:?"
_THIS_RECORD = (
    r"(?i)^[\W_]*(?:(?:this|the present)\s+(?:adr|rfc|decision|record|document|proposal|architecture decision)?"
    r"[\w\s]{0,30}?)?"
)
_NUMBERS = (
    r"(?i)(?:\b(?:adr|rfc|decision|record|number|no\.?)s?|#)[\s#_.-]*0*(\d{1,5})\b|\b0+(\d{1,4})\b(?!-\d)|"
    r"^\W*(\d{1,4})\b(?![-/]\d)"
)


@dataclass(frozen=True)
class RecordReference:
    """Another record as a record refers to it: by link target, number or title."""

    target: str = ""
    number: int | None = None
    title: str = ""


@dataclass(frozen=True)
class DecisionStatus:
    """The status of a decision.

    `status`: that of a memory; `tags`: what it does not express (`proposed`, `rejected`, …); `successors`,
    `predecessors`: the records that are named; `stated`: whether the record states a status at all.
    """

    status: str
    tags: tuple[str, ...]
    accepted: bool
    successors: tuple[RecordReference, ...]
    predecessors: tuple[RecordReference, ...]
    stated: bool


def decision_status(document: LenientDocument) -> DecisionStatus:
    """The status that the front matter, a `Status` line, table row or section, and the text itself declare."""
    stated = [line for line in (_bare(line[:1000]) for line in _status_lines(document)) if line]
    lines = [] if _is_template(stated) else stated
    claims = [*lines, *_statements(without_fences(document.body))]
    successors = _named(claims, _SUPERSEDED_BY)
    successors += _references(document.get("superseded_by", "supersededby", "replaced_by"))
    predecessors = _named(claims, _SUPERSEDES) + _references(document.get("supersedes", "replaces"))
    partly = any(re.search(_PARTLY, line) and re.search(_SUPERSEDED, line, re.IGNORECASE) for line in lines)
    superseded = bool(successors) or (not partly and any(_opens_with(line, _SUPERSEDED) for line in lines))
    word = _status_word(lines)
    proposed, ended = word in _PROPOSED.split("|"), word in _ENDED.split("|")
    tags = {
        word.replace(" ", "-"): ended and not superseded,
        "proposed": proposed and not superseded,
        "partly-superseded": partly,
        "amended": any(re.search(r"(?i)\bamended by\b", line) for line in lines),
    }
    return DecisionStatus(
        status="superseded" if superseded else "retired" if ended else "active",
        tags=tuple(tag for tag, applies in tags.items() if applies),
        accepted=not proposed,
        successors=successors,
        predecessors=predecessors,
        stated=bool(stated),
    )


def stated_date(document: LenientDocument) -> datetime | None:
    """The date that the front matter, a `Date:` line or a `Date` section states."""
    keys = ("date", "decided", "decision_date", "start_date", "created", "created_at", "date_created")
    label = r"(?:date|decided(?: on)?|decision date|start date|created(?: on)?)"
    texts = [document.get(*keys), *_labelled_values(document.body, label), *_section(document.body, "date")[:3]]
    return next((date for date in map(written_date, texts) if date), None)


def _status_lines(document: LenientDocument) -> list[str]:
    section = _section(document.body, r"(?:(?:adr|decision|current|rfc)\s+)?status")
    return [
        document.get("status"),
        *_labelled_values(document.body, "(?:adr |decision |current |rfc )?status"),
        *section,
    ]


def _labelled_values(body: str, label: str) -> list[str]:
    """The values after `Label:`, `* **Label**:` or `| Label |` in the first lines."""
    values = []
    for line in without_fences(body).split("\n")[:HEAD_LINES]:
        bare = re.sub(r"[*_]{1,3}(?=[\w:\s|]|$)", "", line[:500])
        if match := re.match(rf"(?i)[ \t>]*(?:[-*+#]+\s+)?(?:\|\s*)?{label}\s*[:|]\s*(\S.*)", bare):
            values.append(match[1].rstrip(" |"))
    return values


def _section(body: str, heading: str) -> list[str]:
    """The lines of the first section with a heading that matches; text after a colon in the heading comes first."""
    lines = without_fences(body).split("\n")
    for n, line in enumerate(lines):
        match = re.match(
            rf"(?i)[ \t]{{0,3}}#{{1,6}}\s+(?:\d+[.)]?\s+)?[*_]*{heading}[*_]*\s*(?::\s*(.*))?#*\s*$", line[:300]
        )
        if match or (
            n + 1 < len(lines) and re.fullmatch(rf"(?i)\s*{heading}\s*", line) and _is_underline(lines[n + 1])
        ):
            inner = lines[n + (1 if match else 2) :]
            end = next((k for k, text in enumerate(inner) if _starts_section(inner, k)), len(inner))
            return [(match[1] if match else "") or "", *inner[:end]]
    return []


def _is_underline(line: str) -> bool:
    return re.fullmatch(r"\s{0,3}(=+|-{2,})\s*", line) is not None


def _starts_section(lines: list[str], n: int) -> bool:
    underlined = n + 1 < len(lines) and bool(lines[n].strip()) and _is_underline(lines[n + 1])
    return re.match(r"\s{0,3}#{1,6}(\s|$)", lines[n]) is not None or underlined


def _bare(line: str) -> str:
    """A status line without struck-through text, comments and emphasis."""
    return re.sub(r"~~.*?~~|<!--.*?(?:-->|$)|[*`]+|(?<!\w)_+|_+(?!\w)", "", line).strip()


def _is_template(lines: list[str]) -> bool:
    """Whether the lines are a template's list of choices (`proposed | accepted | deprecated`)."""
    return any(len(re.findall(rf"(?i)\b(?:{_IN_FORCE}|{_PROPOSED}|{_ENDED})\b\s*[|/]", line)) > 1 for line in lines)


def _opens_with(line: str, words: str) -> re.Match[str] | None:
    lead = r"[\W_\d]*(?:(?:this|the)\s+\w+\s+)?(?:(?:is|was|has been|have been)\s+)?(?:now\s+)?"
    return re.match(rf"(?i){lead}({words}){_END_OF_WORD}", line)


def _status_word(lines: list[str]) -> str:
    """The status word at the start of a line; ended ones come first, since a history of the status names them all."""
    for words in (_ENDED, _IN_FORCE, _PROPOSED):
        for line in lines:
            if match := _opens_with(line, words):
                return match[1].lower()
    return ""


def _statements(text: str) -> Iterator[str]:
    """The sentences in which the record describes itself: `This ADR supersedes …`, `> Superseded by …`."""
    for line in text.split("\n"):
        bare = _bare(line[:1000])
        for sentence in re.split(r"(?<=[.!?])\s+", bare):
            strict = r"(?:supers?[ce]e?de[sd]|superseede[sd])\b"
            if re.match(rf"{_THIS_RECORD}{strict}", sentence) and (
                ":" in sentence or re.search(r"\]\(|\d|\[\[", sentence)
            ):
                yield sentence


def _named(lines: list[str], verb: str) -> tuple[RecordReference, ...]:
    """The records named after a verb, or on the lines below it where its line ends with it."""
    references: list[RecordReference] = []
    for n, line in enumerate(lines):
        for match in re.finditer(verb, line, re.IGNORECASE):
            if re.search(_PARTLY, line[: match.end() + 12]):
                continue
            rest = re.split(f"{_SUPERSEDES}|{_SUPERSEDED_BY}", line[match.end() :], flags=re.IGNORECASE)[0]
            references += _references(rest if re.search(r"\w", rest) else " ".join(lines[n + 1 : n + 4]))
    return tuple(dict.fromkeys(references))


def _references(text: str) -> tuple[RecordReference, ...]:
    """The records that a text refers to: by links, else by numbers, else the text is a title."""
    links = re.findall(r"\[([^\[\]]*)\]\(([^()\s]+)[^()]*\)", text[:2000])
    links += [(name, name) for name in re.findall(r"\[\[([^\[\]|]+)[^\[\]]*\]\]", text[:2000])]
    if links:
        return tuple(
            RecordReference(target, _number(label) or _number(target), plain_text(label)) for label, target in links
        )
    numbers = ["".join(groups) for groups in re.findall(_NUMBERS, text[:300])]
    if numbers:
        return tuple(RecordReference(number=int(number)) for number in dict.fromkeys(numbers))
    title = plain_text(re.split(r"[.;(]", text[:200])[0]).strip(" :\"'")
    return (RecordReference(title=title),) if title else ()


def _number(text: str) -> int | None:
    match = re.search(r"(?<!\d)0*(\d{1,5})(?!\d)", text.rsplit("/", 1)[-1])
    return int(match[1]) if match else None
