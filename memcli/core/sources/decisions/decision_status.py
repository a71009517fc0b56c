"""What a decision record says about itself: its status, and which records it supersedes.

Invariant: only what is stated as the status counts, so prose about other decisions has no effect; a status that nobody
here can read is `unclear` and never decided.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath

from memcli.core.memory.standing import PROPOSED, UNCLEAR
from memcli.core.sources.decisions.record_labels import (
    AMENDED,
    PARTLY,
    STATUS,
    SUPERSEDED_BY,
    SUPERSEDES,
    names_nothing,
)
from memcli.core.sources.decisions.record_references import RecordReference, named_records, references_in
from memcli.core.sources.decisions.record_statements import (
    bare_status,
    ends_word,
    sections_about_others,
    statements_of_status,
    statements_of_succession,
    title_words,
    unled,
)
from memcli.core.sources.decisions.record_text import BADGE_LINES, HEAD_LINES, LONGEST_LINE, RecordText
from memcli.core.sources.decisions.status_words import (
    ACCEPTED,
    SUPERSEDED,
    StatusWord,
    contained_status,
    leading_status,
)

_BADGE = re.compile(r"^\W*!?\[.*/badge/[^-/)\s]{1,30}[-/]([^-/)\s]{1,40}).*")
_SUPERSEDES_ONE = rf"[\W\d_]*(?:{SUPERSEDES})\s*[:：]?\s*(?:\w{{2,5}}[-\s]?\d|\[|#)"
_DIRECTORIES = {"accepted", "proposed", "rejected", "deprecated", "superseded", "withdrawn", "abandoned", "obsolete"}


@dataclass(frozen=True)
class DecisionStatus:
    """The status of a decision.

    `word`: what it states, None where it states nothing or `unknown`, which is the text that nobody here can read;
    `successors`, `predecessors`: the records that are named; `tags`: what a memory's status does not express.
    """

    word: StatusWord | None = None
    unknown: str = ""
    is_partly: bool = False
    is_amended: bool = False
    successors: tuple[RecordReference, ...] = ()
    predecessors: tuple[RecordReference, ...] = ()

    @property
    def is_stated(self) -> bool:
        return self.word is not None or bool(self.unknown)

    @property
    def is_superseded(self) -> bool:
        return self.word is not None and self.word.meaning == SUPERSEDED

    @property
    def is_dead(self) -> bool:
        return self.word is not None and self.word.is_dead

    @property
    def is_decided(self) -> bool:
        """Whether it is or was accepted."""
        return not self.unknown and (self.word is None or self.word.meaning != PROPOSED)

    @property
    def status(self) -> str:
        """That of a memory."""
        return "superseded" if self.is_superseded else "retired" if self.is_dead else "active"

    @property
    def tags(self) -> tuple[str, ...]:
        """`rejected`, `proposed`, `unclear`, …"""
        meaning = self.word.meaning if self.word else ACCEPTED
        tags = {
            meaning: meaning not in (ACCEPTED, PROPOSED, SUPERSEDED),
            PROPOSED: meaning == PROPOSED,
            UNCLEAR: bool(self.unknown),
            "partly-superseded": self.is_partly,
            "amended": self.is_amended,
        }
        return tuple(tag for tag, applies in tags.items() if applies)


def decision_status(record: RecordText) -> DecisionStatus:
    """The status that a record declares in its front matter, a `Status` line, table row, badge or section, its title or
    the name of its directory."""
    sources = [_chosen(lines) for lines in _stated(record) if any(line.strip() for line in lines)]
    lines = [line for source in sources for line in source if line]
    claims = [*lines, *statements_of_succession(record), *sections_about_others(record)]
    front = record.document
    successors = named_records(claims, SUPERSEDED_BY)
    successors += references_in(
        front.get("superseded_by", "supersededby", "replaced_by", "obsoleted_by", "ersetzt_durch")
    )
    predecessors = named_records(claims, SUPERSEDES) + references_in(front.get("supersedes", "replaces", "obsoletes"))
    is_partly = any(
        re.search(PARTLY, line) and re.search(rf"{SUPERSEDED_BY}|\bsuperseded\b", line, re.I) for line in lines
    )
    word = _word(sources, is_partly)
    return DecisionStatus(
        word=word,
        unknown="" if word or is_partly else _unknown(sources),
        is_partly=is_partly,
        is_amended=any(re.search(AMENDED, line) for line in lines),
        successors=tuple(dict.fromkeys(successors)),
        predecessors=tuple(dict.fromkeys(predecessors)),
    )


def _stated(record: RecordText) -> Iterator[list[str]]:
    """The lines that state the status, source by source; the first of each begins with it."""
    yield [re.sub(r"\s#.*", "", record.front(STATUS))]
    for value in (*record.columns(STATUS), *record.values(STATUS)):
        yield [value]
    yield [_without_badge(line[:LONGEST_LINE]) for line in record.section(STATUS)[:HEAD_LINES]]
    for badge in record.badges():
        yield [badge]
    title = record.title.title if record.title else ""
    yield [text for text in re.findall(r"[(\[]([^()\[\]]{3,40})[)\]]", title) if leading_status(text)]
    yield list(title_words(title))
    yield statements_of_status(record.lines[:BADGE_LINES])
    stage = "draft" if record.document.get("draft").lower() == "true" else record.document.get("stage", "state")
    yield [stage] if leading_status(stage) and not record.front(STATUS) else []
    parents = PurePosixPath(record.path).parts[-2:-1]
    yield [name for name in parents if name.lower() in _DIRECTORIES]


def _without_badge(line: str) -> str:
    """A line, or what its badge says."""
    return _BADGE.sub(r" \1 ", line) if "/badge/" in line else line


def _chosen(lines: Sequence[str]) -> list[str]:
    """Lines without struck-through text, what is not ticked, and unfilled lists of choices, which become `?`."""
    texts = [line[:LONGEST_LINE].strip() for line in lines]
    if any(re.match(r"[-*+ ]*\[[xX]\]", line) for line in texts):
        texts = [line for line in texts if re.match(r"[-*+ ]*\[[xX]\]", line)]
        texts = [re.sub(r"^[-*+ ]*\[[xX]\]", "", line) for line in texts]
    elif sum(bool(re.match(r"[-*+ ]*\[ \]", line)) for line in texts) > 1 or _lists_choices(texts):
        return ["?"]
    return [text for text in (bare_status(_choice(line)) for line in texts) if text]


def _lists_choices(lines: Sequence[str]) -> bool:
    """Whether lines are a list of all that a status may be: three words of different meaning, and no date."""
    said = [line for line in lines if line]
    items = [line for line in said[:6] if re.match(r"[-*+]\s+\D+$", line)]
    meanings = {found[0].meaning for line in items if (found := leading_status(unled(bare_status(line))))}
    return len(items) >= min(3, len(said)) and len(meanings) > 2 and PROPOSED in meanings and ACCEPTED in meanings


def _choice(line: str) -> str:
    """A line; of a list of choices the one that is emphasised, `?` where none is."""
    parts = [part for part in re.split(r"[|｜/\\]+|\s(?:or|oder|ou|o|или)\s", line[:LONGEST_LINE]) if part.strip()]
    words = [found[0].meaning for part in parts if (found := leading_status(unled(part)))]
    by_comma = {found[0].meaning for part in line.split(",")[:9] if (found := leading_status(part.strip()))}
    if len(by_comma) > 2 and not re.search(r"\d", line):
        return "?"
    if len(words) > 1 and (len(set(words)) > 1 or "{" in line):
        emphasised = re.findall(r"\*\*([^*]+)\*\*", line)
        return emphasised[0] if len(emphasised) == 1 and not _choice(emphasised[0]).startswith("?") else "?"
    steps = [step for step in re.split(r"\s*(?:→|->|=>|➜)\s*", line) if step]
    return steps[-1] if len(steps) > 1 and leading_status(unled(steps[-1])) else line


def _word(sources: Sequence[Sequence[str]], is_partly: bool) -> StatusWord | None:
    """The status word at the start of a line; ended ones come first, since a history of the status names them all."""
    words = [[word for word in _words(source) if _counts(word, is_partly)] for source in sources]
    if latest := next((word for source in sources if (word := _latest(source))), None):
        return latest
    every = [word for source in words for word in source]
    if ended := [word for word in every if word.is_dead or word.meaning == SUPERSEDED]:
        return next((word for word in ended if word.meaning == SUPERSEDED), ended[0])
    first = next((source for source in words if source), [])
    accepted = next((word for word in first if word.meaning == ACCEPTED), None)
    sentences = (contained_status(line) for source in sources for line in source[:1])
    stated = (word for word in sentences if word and _counts(word, is_partly))
    return accepted or next(iter(first), None) or next(stated, None)


def _latest(lines: Sequence[str]) -> StatusWord | None:
    """The word of the latest line of a history of the status: `- 2020-01-01: Proposed`; None where it is not one."""
    dated = [(match[0], line) for line in lines if (match := re.search(r"\b\d{4}-\d\d-\d\d\b", line[:60]))]
    words = [(date, n, word) for n, (date, line) in enumerate(dated) for word in list(_words([line]))[:1]]
    return max(words)[2] if len(words) > 1 else None


def _changed(word: StatusWord, rest: str) -> StatusWord:
    """The word to which a line goes on: `Proposed (2020-01-01), accepted (2020-02-01)`, `Accepted, now deprecated`."""
    for part in re.split(r"[,;]\s*", rest[:300])[1:]:
        part = re.sub(r"^(?:then|now|later|since|and|dann|jetzt|puis|luego|poi|depois|potem)\s+", "", part)
        found = leading_status(part)
        if found and ends_word(found[1]) and (word.meaning == PROPOSED or found[0].is_dead):
            word = found[0] if found[0].meaning != SUPERSEDED else word
    return word


def _counts(word: StatusWord, is_partly: bool) -> bool:
    return not (is_partly and word.meaning == SUPERSEDED)


def _words(lines: Sequence[str]) -> Iterator[StatusWord]:
    """The status words that lines begin with; after the first line only where little follows them."""
    for n, line in enumerate(lines):
        verb = re.match(rf"[\W\d_]*(?:{SUPERSEDED_BY})", line, re.IGNORECASE)
        found = leading_status(unled(line))
        if verb:
            rest = line[verb.end() :]
            is_complete = not verb[0].isascii() and not re.search(r"\w", rest)  # `已被 ADR-2 取代`
            if is_complete or _names_record(rest, lines[n + 1 : n + 4]):
                yield StatusWord(verb[0], SUPERSEDED)
        elif found and not re.match(_SUPERSEDES_ONE, line, re.IGNORECASE):
            word, rest = found
            if n == 0 or ends_word(rest):
                yield _changed(word, rest)


def _names_record(rest: str, below: Sequence[str]) -> bool:
    return not names_nothing(rest if re.search(r"[^\s:]", rest) else " ".join(below))


def _unknown(sources: Sequence[Sequence[str]]) -> str:
    """The beginning of the first line that states a status, where it is not one."""
    first = (line for source in sources for line in source[:1])
    return next((line[:60] for line in first if re.search(r"[^\W\d_]|[?\u2600-\u27bf\U0001f300-\U0001faff]", line)), "")
