"""Agents' own memory directories (MEMORY.md and a file per topic): one memory per topic file.

Invariant: nothing of a note is lost; what only the index says of it (its line) becomes part of it.
Evidence is `inference`: an agent wrote these for itself, also where it noted what a person said.
"""

from __future__ import annotations

import posixpath
import re
from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import PurePosixPath

from memcli.core.bootstrap.lenient_front_matter import Headed, headed
from memcli.core.bootstrap.note_index import KINDS, Mention, index, is_index
from memcli.core.bootstrap.passage_text import contains, humanised, is_strict, titled
from memcli.core.bootstrap.passages import Passage, SourceFile, anchors, memory_of, moment, written_date
from memcli.core.bootstrap.sections import line_of, outline, whole
from memcli.core.bootstrap.source_paths import NOTE_PLACES
from memcli.core.memory.memory import TYPES, Memory

_TYPES = {
    "user": "preference",
    "feedback": "preference",
    "project": "fact",
    "reference": "fact",
    "convention": "preference",
    "rule": "constraint",
    "pattern": "fact",
    "gotcha": "fact",
    "howto": "procedure",
    "workflow": "procedure",
}
_PREFIX = r"(?i)^(?:user|feedback|project|reference|memory|note)[-_ ]+(?=\w)"
_WIKI = r"```.*?(?:```|\Z)|`[^`\n]*`|\[\[([^\[\]|\n#]{1,300})(#[^\[\]|\n]*)?(?:\|([^\[\]\n]*))?\]\]"


@dataclass(frozen=True)
class Note:
    file: SourceFile
    source: Headed
    mention: Mention | None = None
    names: frozenset[str] = field(default_factory=frozenset)


def store_of(file: SourceFile, indexed: Collection[str]) -> str | None:
    """The directory of the store a note belongs to; None for a file that only lies in a directory called memory.

    `indexed`: the directories that hold a MEMORY.md.
    """
    folder = PurePosixPath(posixpath.dirname(file.path))
    for place in (folder, *folder.parents):
        named = place.name.lower() in NOTE_PLACES
        if named and str(place) not in indexed and str(place.parent) in indexed:
            return str(place.parent)
        hidden = any(part.startswith(".") and len(part) > 1 for part in place.parts)
        if str(place) in indexed and (named or hidden or (place == folder and _is_typed(file))):
            return str(place)
        if named and (hidden or _is_typed(file)):
            return str(place)
    return None


def _is_typed(file: SourceFile) -> bool:
    source = headed(file.text)
    return bool(source.get("type")) and bool(source.get("name", "description", "node_type"))


def store(files: Sequence[SourceFile], known_paths: Collection[str] = ()) -> list[Memory]:
    """The memories of one store: every note, and what its MEMORY.md carries itself."""
    topics = [file for file in files if not is_index(file.path)]
    paths = frozenset(file.path for file in topics)
    indices = [index(file, paths, known_paths) for file in files if is_index(file.path)]
    mentions: dict[str, Mention] = {}
    for mention in (mention for one in indices for mention in one.mentions):
        mentions.setdefault(mention.target, mention)
    notes = [_note(file, mentions.get(file.path)) for file in topics]
    clusters = _clusters(notes)
    memories = [memory for note in notes for memory in _memories(note, clusters, known_paths)]
    ids = _addresses(notes, memories)
    found = [*memories, *(memory for one in indices for memory in one.memories)]
    return [replace(memory, body=_linked(memory.body, ids)) for memory in found]


def _note(file: SourceFile, mention: Mention | None) -> Note:
    source = headed(file.text)
    stem = PurePosixPath(file.path).stem
    named = (stem, source.get("name"), re.sub(_PREFIX, "", stem), mention.link if mention else "")
    return Note(file, source, mention, frozenset(_address(name) for name in named if name))


def _address(name: str) -> str:
    """A name as links are compared: `Project_X note` = `project-x-note`."""
    return re.sub(r"[\W_]+", "-", name.removesuffix(".md").lower()).strip("-")


def _addresses(notes: Sequence[Note], memories: Sequence[Memory]) -> dict[str, str]:
    """Name → id, the names of files before names that two notes share."""
    ids = {memory.source.ref: memory.id for memory in memories}
    found: dict[str, str] = {}
    for note in notes:
        if note.file.path in ids:
            found.setdefault(_address(PurePosixPath(note.file.path).stem), ids[note.file.path])
    shared = Counter(name for note in notes for name in note.names)
    for note in notes:
        for name in sorted(note.names):
            if shared[name] == 1 and note.file.path in ids:
                found.setdefault(name, ids[note.file.path])
    return found


def _linked(body: str, ids: Mapping[str, str]) -> str:
    """`[[name]]` → `[[<id>|name]]` where the name is known; code stays."""

    def one(match: re.Match[str]) -> str:
        target = ids.get(_address(match[1])) if match[1] else None
        return f"[[{target}|{match[3] or match[1]}]]" if target else match[0]

    return re.sub(_WIKI, one, body, flags=re.DOTALL)


def _memories(note: Note, clusters: Mapping[str, str], known_paths: Collection[str]) -> Iterator[Memory]:
    """A note is one memory, or parts where it is larger than a memory may be."""
    title = _title(note)
    lead = _lead(note, title)
    source = note.source
    body = source.body.strip("\n")
    text = "\n\n".join([*lead, body] if body.strip() else lead)
    kind, type_ = _kind(note, title, text)
    named_date = written_date(PurePosixPath(note.file.path).stem)
    created = written_date(source.get("created", "created_at", "date")) or named_date or note.file.date
    modified = written_date(source.get("modified", "updated", "updated_at", "last_updated", "last_modified"))
    created = created or modified
    if created and modified and modified < created:
        created = modified
    for n, (_, piece) in enumerate(whole(text)):
        yield memory_of(
            Passage(
                f"{note.file.path}#L{line_of(note.file.text, piece)}" if n else note.file.path, piece, moment(created)
            ),
            title=titled(f"{title} (part {n + 1})") if n else title,
            kind=kind,
            type=type_,
            topic=clusters[note.file.path],
            evidence="inference",
            modified=modified,
            tags=tuple(source.get("tags").split(",")),
            paths=anchors(piece, known_paths),
        )


def _title(note: Note) -> str:
    """The index's link text, a name written for people, the note's only heading, else its file name."""
    name = note.source.get("name", "title")
    stem = re.sub(_PREFIX, "", PurePosixPath(note.file.path).stem)
    link = note.mention.link if note.mention else ""
    if link and link not in (PurePosixPath(note.file.path).stem, PurePosixPath(note.file.path).name):
        return titled(link)
    if " " in name.strip():
        return titled(name)
    heading = "" if name else outline(note.source.body).title
    return titled(heading) or titled(humanised(re.sub(_PREFIX, "", name))) or titled(humanised(stem)) or "Note"


def _lead(note: Note, title: str) -> list[str]:
    """What the front matter and the index say and the body does not."""
    name = note.source.get("name")
    said = [name if " " in name else "", note.source.get("description")]
    said.append(note.mention.hook if note.mention else "")
    lead: list[str] = []
    for text in said:
        if text and not contains("\n".join((title, *lead, note.source.body)), text):
            lead.append(text)
    return lead


def _kind(note: Note, title: str, text: str) -> tuple[str, str]:
    stated = note.source.get("type").lower()
    type_ = stated if stated in TYPES else _TYPES.get(stated, "fact")
    opening = f"{title}\n{note.source.get('description')}\n{text[:600]}"
    if stated in ("user", "feedback") and is_strict(opening):
        type_ = "constraint"
    if not stated and written_date(PurePosixPath(note.file.path).stem):
        type_ = "event"
    return KINDS.get(type_, "semantic"), type_


def _clusters(notes: Sequence[Note]) -> dict[str, str]:
    """path → topic: the index's heading, else a first word that three notes share, else `general`."""
    firsts = {note.file.path: _first_word(note) for note in notes}
    common = Counter(firsts.values())
    topics = {}
    for note in notes:
        heading = note.mention.heading if note.mention else ""
        first = firsts[note.file.path]
        topics[note.file.path] = heading or (first if common[first] > 2 else "general")
    return topics


def _first_word(note: Note) -> str:
    stem = re.sub(_PREFIX, "", PurePosixPath(note.file.path).stem)
    first = re.split(r"[-_ .]", stem)[0].lower()
    return "journal" if written_date(PurePosixPath(note.file.path).stem) else first
