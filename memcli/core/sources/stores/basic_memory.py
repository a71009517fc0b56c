"""Notes of basic-memory: markdown with a `permalink`, `- [category] observations` or `- relates_to [[relations]]`.

Invariant: one note is one memory with its text verbatim; a relation to another note of the store becomes a link.
"""

from __future__ import annotations

import posixpath
import re
from collections import Counter
from collections.abc import Collection, Iterator, Mapping
from dataclasses import replace
from pathlib import PurePosixPath

from memcli.core.memory.memory import TYPES
from memcli.core.sources.decisions.decision_status import DecisionStatus, decision_status
from memcli.core.sources.decisions.record_text import RecordText
from memcli.core.sources.lenient_front_matter import LenientDocument, parse_leniently
from memcli.core.sources.passage_text import humanise
from memcli.core.sources.passages import SourceFile
from memcli.core.sources.sections import outline
from memcli.core.sources.source_paths import is_directory_page, is_markdown, is_rule, is_third_party
from memcli.core.sources.source_reader import Extract, Reading, Skipped, SourceReader, SourceUnit
from memcli.core.sources.source_tree import SourceTree, UnreadableSource
from memcli.core.sources.stores.note_links import ids_by_name, with_note_links
from memcli.core.sources.stores.progress_notes import is_plan, is_progress_file
from memcli.core.sources.stores.store_notes import NoteFiling, note_reading
from memcli.core.sources.stores.store_sections import is_link_list, joined_readings
from memcli.core.sources.titles import heading_title
from memcli.core.sources.written_dates import written_date

LARGE = 16_000
"""Characters; a longer note is read by section."""
SAMPLED = 6
"""The files of a directory that are looked at to tell whether it has notes."""
_OBSERVATION = re.compile(r"(?m)^[ \t]*[-*] \[([^\[\]()\n]{2,60})\] +\S")
_RELATION = re.compile(r"(?m)^[ \t]*[-*] [\w -]{0,60}\[\[[^\[\]\n]{1,300}\]\]")
_NUMBER = r"^[A-Z]{2,8}-\d+(?:-[A-Z]+-\d+)*\s*(?:[:—–-]\s*)+(?=\S)"
_UNDER_WAY = r"(?i)(?:to-?do|planned|in[-_ ]progress|done|completed?|implemented|blocked|open|closed)\b.*"
_TYPES: Mapping[str, str] = {
    "requirement": "constraint",
    "rule": "constraint",
    "invariant": "constraint",
    "limitation": "constraint",
    "policy": "constraint",
    "convention": "preference",
    "style": "preference",
    "principle": "preference",
    "standard": "preference",
    "adr": "decision",
    "choice": "decision",
    "guide": "procedure",
    "how-to": "procedure",
    "howto": "procedure",
    "runbook": "procedure",
    "step": "procedure",
    "command": "procedure",
    "workflow": "procedure",
    "experiment": "attempt",
    "failed": "attempt",
}
_DIARY_TYPES = (
    r"(?i)(?:tasks?|todo|progress|progress[-_ ]note|status|roadmap|sessions?|session[-_ ].*|meeting|daily|journal|"
    r"log|worklog|handoff|plan|report|milestone|audit)"
)


def is_basic_note(text: str) -> bool:
    """Whether a text is a note: it has a permalink that is no web address, and a type, an observation or a relation;
    or, without a permalink, a title, an observation and a relation."""
    document = parse_leniently(text)
    permalink = document.get("permalink")
    observed, related = _OBSERVATION.search(document.body), _RELATION.search(document.body)
    if not permalink:
        return bool(document.get("title") and observed and related)
    is_address = permalink.startswith("/") or permalink.endswith((".html", "/"))
    return not is_address and bool(document.get("type") or observed or related)


def _read(tree: SourceTree, unit: SourceUnit) -> Reading:
    files = [tree.file(path) for path in unit.paths if is_markdown(path)]
    documents = {file.path: parse_leniently(file.text) for file in files}
    others = tuple(Skipped(path, "not markdown") for path in unit.paths if not is_markdown(path))
    reading = joined_readings(_note(tree, file, documents[file.path]) for file in files)
    firsts = {extract.path: extract.memory.id for extract in reversed(reading.extracts)}
    ids = ids_by_name((id_, PurePosixPath(path).stem, _names(path, documents[path])) for path, id_ in firsts.items())
    linked = (
        replace(extract, memory=replace(extract.memory, body=with_note_links(extract.memory.body, ids)))
        for extract in reading.extracts
    )
    return Reading(tuple(linked), (*others, *reading.skipped))


def _names(path: str, document: LenientDocument) -> tuple[str, ...]:
    """The names by which relations refer to a note."""
    named = (document.get("title"), outline(document.body).title, document.get("permalink"))
    return tuple(filter(None, (*named, path.removesuffix(".md"), *document.get("aliases").split(", "))))


def _note(tree: SourceTree, file: SourceFile, document: LenientDocument) -> Reading:
    if document.get("type").lower() == "schema":
        return Reading(skipped=(Skipped(file.path, "a schema: it says how notes are written"),))
    if is_directory_page(file.path) and not document.get("permalink"):
        return Reading(skipped=(Skipped(file.path, "describes its directory"),))
    filing = note_filing(file.path, document)
    if re.search(r"(?i)\btemplate$", filing.title):
        return Reading(skipped=(Skipped(file.path, "a template"),))
    if is_link_list(document.body) or re.search(r"(?i)\bindex$", filing.title):
        return Reading(skipped=(Skipped(file.path, "a list of links"),))
    reading = note_reading(file, filing, tree.paths, whole=LARGE)
    status = _status(document)
    if filing.type != "decision" and status.status == "active":
        return reading
    return replace(reading, extracts=tuple(_with_status(extract, status) for extract in reading.extracts))


def _status(document: LenientDocument) -> DecisionStatus:
    """The status that its front matter states, or an observation."""
    observed = re.search(r"(?m)^[ \t]*[-*] \[status\] ([^\n]{1,200})", document.body)
    stated = document.get("status") or (observed[1] if observed else "")
    return decision_status(RecordText("", replace(document, front={"status": stated}, body="")))


def _with_status(extract: Extract, status: DecisionStatus) -> Extract:
    memory = extract.memory
    return replace(extract, memory=replace(memory, status=status.status, tags=(*memory.tags, *status.tags)))


def note_filing(path: str, document: LenientDocument) -> NoteFiling:
    """How a note is filed: by its type, else by what most of its observations are."""
    title = _title(path, document)
    type_ = _type(document)
    diary = _store_type(document.get("type")) != "decision" and _is_diary(path, title, document)
    return NoteFiling(
        title,
        "event" if diary else type_,
        posixpath.basename(posixpath.dirname(document.get("permalink") or path)) or "general",
        tuple(tag.strip(" '\"[]") for tag in document.get("tags").split(",")),
        created=written_date(document.get("created", "created_at", "date", "decided_at")) or written_date(path),
        modified=written_date(document.get("modified", "updated", "updated_at", "last_updated")),
        diary=diary,
    )


def _title(path: str, document: LenientDocument) -> str:
    """Its title or heading without its number; a name like `two-words` where neither has words."""
    stated = (document.get("title"), outline(document.body).title)
    titles = [re.sub(_NUMBER, "", heading_title(title)) for title in stated if title]
    written = next((title for title in titles if " " in title), "")
    name = written or humanise(next(filter(None, titles), PurePosixPath(path).stem))
    return name[:1].upper() + name[1:]


def _is_diary(path: str, title: str, document: LenientDocument) -> bool:
    """Whether a note says how far the work is."""
    under_way = re.fullmatch(_UNDER_WAY, document.get("status")) is not None
    stated = re.fullmatch(_DIARY_TYPES, document.get("type")) is not None
    return under_way or stated or is_plan(title) or is_progress_file(path)


def _type(document: LenientDocument) -> str:
    stated = _store_type(document.get("type"))
    if stated:
        return stated
    types = [_store_type(category) for category in _OBSERVATION.findall(document.body)]
    type_, count = Counter(types).most_common(1)[0] if types else ("", 0)
    return type_ if type_ and count * 2 >= len(types) else "fact"


def _store_type(name: str) -> str:
    """The type of the store that a type or category of basic-memory is; '' for one of its own."""
    word = name.strip().lower().removesuffix("s")
    return word if word in TYPES and word not in ("fact", "event") else _TYPES.get(word, "")


def _units(tree: SourceTree, taken: Collection[str]) -> Iterator[SourceUnit]:
    """One unit of all notes, since they refer to each other."""
    directories: dict[str, list[str]] = {}
    for path in tree.ordered:
        if path not in taken:
            directories.setdefault(posixpath.dirname(path), []).append(path)
    notes = [path for paths in directories.values() for path in _notes(tree, paths)]
    if notes:
        parents = [posixpath.dirname(path) or "." for path in notes]
        yield SourceUnit(posixpath.commonpath(parents) or "." if len(notes) > 1 else notes[0], tuple(notes))


def _notes(tree: SourceTree, paths: list[str]) -> list[str]:
    """The notes of a directory, with all its other files where most of its pages are notes."""
    pages = [path for path in paths if is_markdown(path) and _may_be_note(path)]
    sample = [path for path in pages if not is_directory_page(path)][:SAMPLED]
    if not any(_looks_like_note(tree, path) for path in sample):
        return []
    notes = [path for path in pages if is_basic_note(tree.peek(path))]
    if len(notes) * 2 <= len(pages):
        return notes
    return [path for path in paths if path.lower() != "readme.md" and _may_be_note(path)]


def _may_be_note(path: str) -> bool:
    return PurePosixPath(path).name != "SKILL.md" and not is_third_party(path) and not is_rule(path)


def _looks_like_note(tree: SourceTree, path: str) -> bool:
    """Whether a file has what notes have, told from its bytes."""
    try:
        data = tree.load(path)
    except UnreadableSource:
        return False
    graph = data.startswith(b"---") and b"\n- [" in data and b"[[" in data
    return graph or re.search(rb"(?m)^permalink:", data[:2000]) is not None


READER = SourceReader("basic-memory", "basic-memory notes", _units, _read)
