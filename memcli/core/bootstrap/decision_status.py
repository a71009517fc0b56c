"""What a decision record says about its own standing: its status, its date, and which records it replaces.

Invariant: only words at the beginning of a status line count, so prose about other decisions changes nothing.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from memcli.core.bootstrap.lenient_front_matter import Headed
from memcli.core.bootstrap.passage_text import plain, without_fences
from memcli.core.bootstrap.passages import written_date

HEAD_LINES = 60
_IN_FORCE = (
    "accepted|approved|adopted|active|implemented|implementing|done|decided|agreed|final|finali[sz]ed|complete|completed|"
    "ratified|merged|living|current|stable|landed|in force|in use|in effect|effective|enacted"
)
_WAITING = (
    "proposed|proposal|pending|draft|wip|in progress|in review|under review|in discussion|under discussion|review|open|"
    "rfc|deferred|postponed|on hold|provisional|candidate|experimental|trial|last call|tentative|unresolved"
)
_ENDED = (
    "deprecated|rejected|declined|withdrawn|abandoned|obsolete|obsoleted|cancelled|canceled|retired|discarded|reverted|"
    "not accepted|closed|expired|dropped|outdated|no longer relevant|no longer valid"
)
_FOLLOWS = (
    r"(?=\s*(?:$|[.,;:()\[\]{}/!|–—-])|\s+(?:by|on|in|as|at|of|since|due|because|and|but|not|for|after|with|until|from|"
    r"implemented|\d))"
)
_GONE = r"supers?[ce]e?ded|superseeded|replaced"
_PARTLY = r"(?i)\b(?:part(?:ly|ially)?|in part)\b"
_REPLACED = rf"\b(?:{_GONE}|obsoleted)\s+(?:by|with|in)\b:?|\b(?:deprecated|abandoned) in favou?r of\b"
_REPLACES = r"\b(?:supers?[ce]e?des|superseedes|replaces|obsoletes)\b:?"
_THIS = (
    r"(?i)^[\W_]*(?:(?:this|the present)\s+(?:adr|rfc|decision|record|document|proposal|architecture decision)?"
    r"[\w\s]{0,30}?)?"
)
_NUMBERS = (
    r"(?i)(?:\b(?:adr|rfc|decision|record|number|no\.?)s?|#)[\s#_.-]*0*(\d{1,5})\b|\b0+(\d{1,4})\b(?!-\d)|"
    r"^\W*(\d{1,4})\b(?![-/]\d)"
)


@dataclass(frozen=True)
class Reference:
    """Another record as a record names it: by link target, by number or by title."""

    target: str = ""
    number: int | None = None
    title: str = ""


@dataclass(frozen=True)
class Standing:
    """`status` in our words, `tags` for what they do not say, whether it was `accepted`, and the records it names."""

    status: str
    tags: tuple[str, ...]
    accepted: bool
    successors: tuple[Reference, ...]
    predecessors: tuple[Reference, ...]
    stated: bool


def standing(file: Headed) -> Standing:
    """The standing that front matter, a `Status` line, table row or section, and the text itself declare."""
    stated = [line for line in (_bare(line[:1000]) for line in _status_lines(file)) if line]
    lines = [] if _is_unfilled(stated) else stated
    said = [*lines, *_statements(without_fences(file.body))]
    successors = _named(said, _REPLACED) + _references(file.get("superseded_by", "supersededby", "replaced_by"))
    predecessors = _named(said, _REPLACES) + _references(file.get("supersedes", "replaces"))
    partly = any(re.search(_PARTLY, line) and re.search(_GONE, line, re.IGNORECASE) for line in lines)
    gone = bool(successors) or (not partly and any(_opens(line, _GONE) for line in lines))
    word = _word(lines)
    waits, ended = word in _WAITING.split("|"), word in _ENDED.split("|")
    marks = {
        word.replace(" ", "-"): ended and not gone,
        "proposed": waits and not gone,
        "partly-superseded": partly,
        "amended": any(re.search(r"(?i)\bamended by\b", line) for line in lines),
    }
    status = "superseded" if gone else "retired" if ended else "active"
    tags = tuple(mark for mark, holds in marks.items() if holds)
    return Standing(status, tags, not waits, successors, predecessors, bool(stated))


def stated_date(file: Headed) -> datetime | None:
    """The record's own date: front matter, a `Date:` line or a `Date` section."""
    keys = ("date", "decided", "decision_date", "start_date", "created", "created_at", "date_created")
    label = r"(?:date|decided(?: on)?|decision date|start date|created(?: on)?)"
    texts = [file.get(*keys), *_labelled(file.body, label), *_section(file.body, "date")[:3]]
    return next((date for date in map(written_date, texts) if date), None)


def _status_lines(file: Headed) -> list[str]:
    section = _section(file.body, r"(?:(?:adr|decision|current|rfc)\s+)?status")
    return [file.get("status"), *_labelled(file.body, "(?:adr |decision |current |rfc )?status"), *section]


def _labelled(body: str, label: str) -> list[str]:
    """What stands behind `Label:`, `* **Label**:` or `| Label |` in the first lines."""
    found = []
    for line in without_fences(body).split("\n")[:HEAD_LINES]:
        bare = re.sub(r"[*_]{1,3}(?=[\w:\s|]|$)", "", line[:500])
        if match := re.match(rf"(?i)[ \t>]*(?:[-*+#]+\s+)?(?:\|\s*)?{label}\s*[:|]\s*(\S.*)", bare):
            found.append(match[1].rstrip(" |"))
    return found


def _section(body: str, heading: str) -> list[str]:
    """The lines of the first section with such a heading; what follows the heading's colon comes first."""
    lines = without_fences(body).split("\n")
    for n, line in enumerate(lines):
        match = re.match(
            rf"(?i)[ \t]{{0,3}}#{{1,6}}\s+(?:\d+[.)]?\s+)?[*_]*{heading}[*_]*\s*(?::\s*(.*))?#*\s*$", line[:300]
        )
        if match or (n + 1 < len(lines) and re.fullmatch(rf"(?i)\s*{heading}\s*", line) and _is_rule(lines[n + 1])):
            inner = lines[n + (1 if match else 2) :]
            end = next((k for k, text in enumerate(inner) if _opens_section(inner, k)), len(inner))
            return [(match[1] if match else "") or "", *inner[:end]]
    return []


def _is_rule(line: str) -> bool:
    return re.fullmatch(r"\s{0,3}(=+|-{2,})\s*", line) is not None


def _opens_section(lines: list[str], n: int) -> bool:
    underlined = n + 1 < len(lines) and bool(lines[n].strip()) and _is_rule(lines[n + 1])
    return re.match(r"\s{0,3}#{1,6}(\s|$)", lines[n]) is not None or underlined


def _bare(line: str) -> str:
    """A status line without struck-out text, comments and emphasis."""
    return re.sub(r"~~.*?~~|<!--.*?(?:-->|$)|[*`]+|(?<!\w)_+|_+(?!\w)", "", line).strip()


def _is_unfilled(lines: list[str]) -> bool:
    """Whether it is the template's list of choices (`proposed | accepted | deprecated`)."""
    return any(len(re.findall(rf"(?i)\b(?:{_IN_FORCE}|{_WAITING}|{_ENDED})\b\s*[|/]", line)) > 1 for line in lines)


def _opens(line: str, words: str) -> re.Match[str] | None:
    lead = r"[\W_\d]*(?:(?:this|the)\s+\w+\s+)?(?:(?:is|was|has been|have been)\s+)?(?:now\s+)?"
    return re.match(rf"(?i){lead}({words}){_FOLLOWS}", line)


def _word(lines: list[str]) -> str:
    """The word for the status, the weightiest where several lines open with one: a history names them all."""
    for words in (_ENDED, _IN_FORCE, _WAITING):
        for line in lines:
            if match := _opens(line, words):
                return match[1].lower()
    return ""


def _statements(text: str) -> Iterator[str]:
    """Lines of the text in which the record speaks of itself: `This ADR supersedes …`, `> Superseded by …`."""
    for line in text.split("\n"):
        bare = _bare(line[:1000])
        for sentence in re.split(r"(?<=[.!?])\s+", bare):
            strict = r"(?:supers?[ce]e?de[sd]|superseede[sd])\b"
            if re.match(rf"{_THIS}{strict}", sentence) and (":" in sentence or re.search(r"\]\(|\d|\[\[", sentence)):
                yield sentence


def _named(lines: list[str], verb: str) -> tuple[Reference, ...]:
    """The records named after `verb`, also on the lines below it when its own line ends there."""
    found: list[Reference] = []
    for n, line in enumerate(lines):
        for match in re.finditer(verb, line, re.IGNORECASE):
            if re.search(_PARTLY, line[: match.end() + 12]):
                continue
            rest = re.split(f"{_REPLACES}|{_REPLACED}", line[match.end() :], flags=re.IGNORECASE)[0]
            found += _references(rest if re.search(r"\w", rest) else " ".join(lines[n + 1 : n + 4]))
    return tuple(dict.fromkeys(found))


def _references(text: str) -> tuple[Reference, ...]:
    """Links, else numbers, else the text itself as a title."""
    links = re.findall(r"\[([^\[\]]*)\]\(([^()\s]+)[^()]*\)", text[:2000])
    links += [(name, name) for name in re.findall(r"\[\[([^\[\]|]+)[^\[\]]*\]\]", text[:2000])]
    if links:
        return tuple(Reference(target, _number(label) or _number(target), plain(label)) for label, target in links)
    numbers = ["".join(groups) for groups in re.findall(_NUMBERS, text[:300])]
    if numbers:
        return tuple(Reference(number=int(number)) for number in dict.fromkeys(numbers))
    title = plain(re.split(r"[.;(]", text[:200])[0]).strip(" :\"'")
    return (Reference(title=title),) if title else ()


def _number(text: str) -> int | None:
    match = re.search(r"(?<!\d)0*(\d{1,5})(?!\d)", text.rsplit("/", 1)[-1])
    return int(match[1]) if match else None
