"""Why a file in a folder of notes is not a note that is worth keeping."""

from __future__ import annotations

import re
from pathlib import PurePosixPath

from memcli.core.sources.notes.folder_note import FolderNote
from memcli.core.sources.passage_text import count_words, is_contents, without_fences, word_list
from memcli.core.sources.source_paths import is_template

MIN_WORDS = 5
_INDEX_NAMES = word_list(
    """
    readme index _index home moc toc contents summary sidebar _sidebar dashboard start welcome inbox 00-index
    """
)
_OF_THE_REPOSITORY = re.compile(
    r"(?i)licen[cs]es?|copying|notice|change-?log|code[-_]of[-_]conduct|authors|contributors|security|todos?|robots|"
    r"requirements.*|cmakelists|constraints|manifest.*"
)
_TEMPLATE_DIRECTORY = re.compile(r"(?i)[\W\d_]*(?:note[-_ ]?)?templates?[\W_]*")
_TEMPLATER = re.compile(r"<%[\s*+_-]*tp\.|\{\{\s*(?:date|title|time)\b")
_CLIPPINGS = re.compile(
    r"(?i)[\W\d_]*(?:readwise|clippings?|raindrop|pocket|instapaper|kindle|tweets|web[-_ ]?clips?|highlights?)[\W_]*"
)
_FIELDS = (
    r"types?|sources?|authors?|urls?|links?|tags?|status|dates?|created|updated|domains?|domain\(s\)|"
    r"related[^*:\n]{0,30}"
)
_NO_SUBSTANCE = re.compile(
    r"(?mi)(?s:^```dataview.*?^```)|^#.*$|<[ \t]?\w[\w ]{0,30}>|\[\[[^\[\]\n]{1,300}\]\]|"
    rf"^[ \t]*(?:[-*+][ \t]+)?(?:\*\*(?:{_FIELDS}):?\*\*|(?:{_FIELDS}):):?.{{0,200}}$"
)
_WIKI_LINK = re.compile(r"\[\[([^\[\]\n]{1,300})\]\]")


def reason_to_skip(note: FolderNote) -> str:
    """Why no memory is made of a note; '' where one is."""
    stem, parents = note.stem.lower(), PurePosixPath(note.path).parts[:-1]
    if any(map(_TEMPLATE_DIRECTORY.fullmatch, parents)) or is_template(stem) or _is_filled_in(note):
        return "a template"
    if any(map(_CLIPPINGS.fullmatch, (*parents, *note.tags))):
        return "a clipping of somebody else's text"
    if note.document.get("excalidraw_plugin", "kanban_plugin"):
        return "a drawing or a board"
    if _OF_THE_REPOSITORY.fullmatch(stem):
        return "about the repository, not a note"
    if stem in _INDEX_NAMES or _is_index(note.text):
        return "an index of other notes"
    if _is_task_list(note.text):
        return "a list of tasks"
    return "" if _says_something(note) else "says less than a sentence"


def _is_filled_in(note: FolderNote) -> bool:
    """Whether a program for notes fills in its placeholders."""
    return note.has_tags and _TEMPLATER.search(without_fences(note.document.body)) is not None


def _says_something(note: FolderNote) -> bool:
    """Whether there is a sentence beside headings, placeholders and fields; a short text counts with its title."""
    words = count_words(_NO_SUBSTANCE.sub("", note.text))
    return words >= MIN_WORDS or (words > 1 and words + count_words(note.title) > MIN_WORDS)


def _is_index(text: str) -> bool:
    """Whether most words of a text are in links."""
    links = _WIKI_LINK.findall(text)
    linked = sum(count_words(link.rpartition("|")[2]) for link in links)
    rest = count_words(_WIKI_LINK.sub(" ", text))
    return (len(links) > 2 and linked > 0.6 * (linked + rest)) or (text.count("](") > 2 and is_contents(text))


def _is_task_list(text: str) -> bool:
    lines = [line for line in text.split("\n") if line.strip()]
    boxes = sum(re.match(r"\s*[-*+] \[[ xX/-]\]", line) is not None for line in lines)
    return boxes > 2 and boxes * 2 > len(lines)
