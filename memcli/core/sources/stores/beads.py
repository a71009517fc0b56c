"""Beads (`.beads/issues.jsonl`): memories of `bd remember`, and closed issues that say why.

Most issues are closed with a report of what was done, which the history has: a memory is made where an issue was
declined, or where it names a cause or a rationale.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import Any

from memcli.core.sources.passage_text import count_words, humanise, rule_type
from memcli.core.sources.source_paths import is_third_party
from memcli.core.sources.source_reader import Reading, Skipped, SourceReader, SourceUnit, directory_units
from memcli.core.sources.source_tree import SourceTree
from memcli.core.sources.stores.json_records import date_field, first_object, json_lines, text_field, texts_field
from memcli.core.sources.stores.store_records import SkippedRecord, StoreRecord, records_reading
from memcli.core.sources.stores.store_sections import joined_readings
from memcli.core.sources.titles import first_claim

DIRECTORY = ".beads"
MIN_WORDS = 5
"""Words of a reason that says something."""
_DECLINED = re.compile(
    r"(?i)\bout[- ]of[- ]scope\b|\bwon'?t (?:fix|do|implement)|\bwontfix\b|\bby design\b|\bnot worth\b|\brejected\b|"
    r"\bdeclined\b|\bdecided\b|\bdecision\b|\bwe (?:chose|keep|use)\b|\bno longer (?:needed|relevant|applicable)\b|"
    r"\bnot (?:needed|necessary|applicable|feasible|possible|supported)\b|\bunnecessary\b|\bdeliberate(?:ly)?\b|"
    r"\bintentional(?:ly)?\b|\bobsolete\b|\bnot a bug\b|\bnot planned\b|\bno-go\b|\babandoned\b"
)
_CAUSE = re.compile(
    r"(?i)\broot[- ]cause|\bcaused by\b|\bturn(?:ed|s) out\b|\bworkaround\b|"
    r"\bthe (?:actual |real )?(?:cause|reason|problem|culprit) (?:is|was)\b"
)
_RATIONALE = re.compile(
    r"(?i)\bbecause\b|\brationale\b|\btrade-?offs?\b|\bdue to\b|\binstead of\b|\brather than\b|\bpitfall|\bgotcha|"
    r"\blessons? learn|\bmust (?:be|not|never|always)\b|\bwould (?:have|be|break|cost|require)\b"
)
_REPORT = re.compile(
    r"(?i)\btests?\b.{0,60}\bpass|\d+ tests\b|\ball acs? met\b|"
    r"^\W*(?:\S+ ){0,6}?(?:implemented|added|created|completed?|done|updated|shipped|merged|wired|migrated|refactored|"
    r"covered|verified|superseded|duplicate|closed|replaced|removed|fixed|wrapped|uncommented|moved|extracted|renamed)\b"
)
_NO_REASON = "closed issues without a reason"
_STATUS_REPORT = "closed issues that only report what was done"


def _units(tree: SourceTree, taken: Collection[str]) -> Iterator[SourceUnit]:
    """The files of a `.beads` directory, and other files of issues that are named or lie in the root."""
    stores: dict[str, list[str]] = {}
    single = frozenset((*tree.named, "issues.jsonl"))
    for path in tree.ordered:
        head, separator, _ = f"/{path}".rpartition(f"/{DIRECTORY}/")
        if path in taken or not (separator or path in single) or is_third_party(path):
            continue
        if separator:
            stores.setdefault(posixpath.join(head.lstrip("/"), DIRECTORY), []).append(path)
        elif path.endswith(".jsonl") and _is_tracker(tree, path):
            stores[path] = [path]
    return directory_units(stores)


def _is_tracker(tree: SourceTree, path: str) -> bool:
    fields = first_object(tree.peek(path))
    return fields.get("_type") in ("issue", "memory") or {"id", "title", "status", "issue_type"} <= fields.keys()


def _read(tree: SourceTree, unit: SourceUnit) -> Reading:
    return joined_readings(_file_reading(tree, path) for path in unit.paths)


def _file_reading(tree: SourceTree, path: str) -> Reading:
    name = path.rpartition("/")[2]
    if not name.endswith(".jsonl") or re.match(r"deletions|interactions|events|.*feedback", name):
        return Reading(skipped=(Skipped(path, "a file of the tracker, without issues or memories"),))
    return issue_memories(path, tree.text(path), tree.paths)


def issue_memories(path: str, text: str, known_paths: Collection[str] = ()) -> Reading:
    """What is made of a file of issues, one in each line."""
    return records_reading(path, _distinct(json_lines(text)), known_paths)


def _distinct(lines: Iterable[tuple[int, Any]]) -> Iterator[tuple[int, StoreRecord | SkippedRecord | None]]:
    """The records of lines; of those with the same reason the first."""
    reasons: set[str] = set()
    for line, value in lines:
        record = issue_record(value) if isinstance(value, dict) else None
        if isinstance(record, StoreRecord):
            reason = record.text.partition("\n\n")[2] or record.text
            record = SkippedRecord("issues with the reason of an earlier one") if reason in reasons else record
            reasons.add(reason)
        yield line, record


def issue_record(fields: Mapping[str, Any]) -> StoreRecord | SkippedRecord:
    """A line as a record."""
    if fields.get("_type") == "memory" or {"key", "value"} <= fields.keys() or {"key", "content"} <= fields.keys():
        return _remembered(fields)
    if "title" not in fields or fields.get("_type", "issue") != "issue":
        return SkippedRecord("lines that are neither issues nor memories")
    status, kind = text_field(fields, "status").lower(), text_field(fields, "issue_type").lower()
    if fields.get("is_template") is True or status == "tombstone" or kind in ("molecule", "wisp", "agent", "event"):
        return SkippedRecord("templates, deleted issues and events of the tracker")
    if kind in ("memory", "decision", "adr") or any(tag.startswith("memory") for tag in texts_field(fields, "labels")):
        return _kept(fields, kind, status)
    return _closed(fields, kind) if status == "closed" else SkippedRecord(f"{_word(status)} issues: plans")


def _remembered(fields: Mapping[str, Any]) -> StoreRecord | SkippedRecord:
    """A memory of `bd remember`, or of a list of what agents learned."""
    text = text_field(fields, "value", "content")
    if count_words(text) < 3:
        return SkippedRecord("memories that say less than a sentence")
    names = () if "-" in text_field(fields, "key") and first_claim(text) else (humanise(text_field(fields, "key")),)
    created = date_field(fields, "created_at", "ts", "timestamp", "updated_at")
    tags = texts_field(fields, "tags", "labels")
    return StoreRecord(names, text, rule_type("", text), "general", tags, created=created)


def _kept(fields: Mapping[str, Any], kind: str, status: str) -> StoreRecord | SkippedRecord:
    """An issue that is a memory or a decision itself."""
    text = "\n\n".join(
        filter(None, (text_field(fields, key) for key in ("description", "design", "notes", "close_reason")))
    )
    title = text_field(fields, "title")
    if count_words(f"{title} {text}") < MIN_WORDS:
        return SkippedRecord("decisions and memories that say less than a sentence")
    if kind in ("decision", "adr"):
        return _filed(
            fields, f"{title}\n\n{text}".strip(), "decision", () if status == "closed" else ("proposed",), title
        )
    return _filed(fields, f"{title}\n\n{text}".strip(), rule_type(title, text), (), title)


def _closed(fields: Mapping[str, Any], kind: str) -> StoreRecord | SkippedRecord:
    """A closed issue that says why it was declined, or what the cause was."""
    stated = [text_field(fields, key) for key in ("close_reason", "resolution", "notes", "design")]
    reasons = list(dict.fromkeys(text for text in stated if count_words(text) >= MIN_WORDS))
    worth = [text for text in reasons if _says_why(text)]
    if not worth:
        return SkippedRecord(_STATUS_REPORT if reasons else _NO_REASON)
    title = text_field(fields, "title")
    body = "\n\n".join((f"{title} ({text_field(fields, 'id')})", *worth))
    caused = kind == "bug" or any(map(_CAUSE.search, worth))
    type_ = "attempt" if caused and not _DECLINED.search(worth[0]) else "decision"
    return _filed(fields, body, type_, (), title, "" if worth[0] == text_field(fields, "design") else worth[0])


def _says_why(text: str) -> bool:
    """Whether a text has a cause; of one that does not report what was done, whether it has any reason."""
    if _CAUSE.search(text) or re.search(r"(?i)\bbecause\b", text):
        return True
    return not _REPORT.search(text) and bool(_DECLINED.search(text) or _RATIONALE.search(text))


def _filed(
    fields: Mapping[str, Any], body: str, type_: str, tags: tuple[str, ...], title: str, reason: str = ""
) -> StoreRecord:
    """The record of an issue, called by what its reason claims where that stands alone and reports nothing."""
    claim = first_claim(reason)
    stands_alone = count_words(claim) >= MIN_WORDS and not _REPORT.search(claim)
    return StoreRecord(
        (claim if stands_alone else title,),
        body,
        type_,
        "issues",
        (*tags, *texts_field(fields, "labels")),
        created=date_field(fields, "closed_at", "created_at"),
        modified=date_field(fields, "updated_at"),
    )


def _word(status: str) -> str:
    return status.replace("_", " ") if re.fullmatch(r"[a-z_]{1,20}", status) else "open"


READER = SourceReader("beads", "issues of beads", _units, _read)
