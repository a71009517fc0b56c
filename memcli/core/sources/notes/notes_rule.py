"""Which files are notes: those of a vault, of a repository that is nothing but notes, and plain ones that were named.

A vault is a directory with the settings of a program for notes (`.obsidian/`). A repository is one where it has ten
notes or more, they are four fifths of its files beside media, most are short, and most lie in directories of topics or
link to each other. Sites, books, blogs and documentation are none.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Collection, Iterator, Sequence
from pathlib import PurePosixPath

from memcli.core.sources.passage_text import word_list
from memcli.core.sources.source_paths import is_third_party
from memcli.core.sources.source_tree import SourceTree

NOTE_SUFFIXES = (".md", ".markdown", ".txt", ".org", ".rst", ".adoc")
LONGEST_NOTE = 4_000
"""Characters of most notes: a longer one is a page with sections."""
SAMPLE = 40
_SETTINGS = (".obsidian", ".foam", ".zk", ".logseq", "logseq")
_MEDIA = re.compile(
    r"(?i).*\.(?:png|jpe?g|gif|svg|webp|bmp|avif|ico|pdf|mp[34]|mov|wav|webm|zip|drawio|excalidraw|canvas|base|csv)"
)
_SITE = re.compile(
    r"(?:.*/)?(?:mkdocs\.ya?ml|docusaurus\.config\.\w+|book\.toml|SUMMARY\.md|astro\.config\.\w+|hugo\.\w+|conf\.py|"
    r"\.vitepress/.*|_posts/.*|antora\.yml|gatsby-config\.\w+|package\.json|Cargo\.toml|go\.mod|pyproject\.toml)"
)
_DOCS = word_list("docs doc documentation website site content blog posts _posts wiki book")
_NOTES_NAMES = word_list(
    """
    notes note til tils zettelkasten zettel vault obsidian kb knowledge knowledge-base brain second-brain memos
    learnings snippets cheatsheets journal diary daily
    """
)
_NOT_NOTES = re.compile(r"(?i)(?:readme|index|_index|licen[cs]e|contributing|changelog|code[-_]of[-_]conduct|security)")


def is_note_file(path: str) -> bool:
    """Whether a file may be a note, by its name and place."""
    return path.lower().endswith(NOTE_SUFFIXES) and not _is_hidden(path) and not is_third_party(path)


def is_board(path: str) -> bool:
    """Whether a file of a vault is a drawing or a board of notes."""
    return path.lower().endswith((".canvas", ".base", ".excalidraw")) and not _is_hidden(path)


def _is_hidden(path: str) -> bool:
    return path.startswith(".") or "/." in path


def vault_roots(tree: SourceTree) -> Iterator[str]:
    """The directories with the settings of a program for notes, which are mostly notes; '' for the root."""
    settings = (path for path in tree.ordered if any(f"/{name}/" in f"/{path}" for name in _SETTINGS))
    roots = {root for path in settings for root in _roots_above(path)}
    for root in sorted(roots, key=len):
        documentation = bool(_DOCS & set(root.lower().split("/"))) and not tree.named
        if not documentation and _share_of_notes(below(tree.ordered, root)) >= 0.5:
            yield root


def _roots_above(path: str) -> Iterator[str]:
    parts = path.split("/")
    return ("/".join(parts[:place]) for place, part in enumerate(parts[:-1]) if part in _SETTINGS)


def below(paths: Collection[str], root: str) -> list[str]:
    """The paths below a directory; all of them below ''."""
    return [path for path in paths if not root or path.startswith(f"{root}/")]


def is_notes_repository(tree: SourceTree, free: Sequence[str]) -> bool:
    """Whether a tree is nothing but notes; `free`: the note files that no other reader takes."""
    notes = [path for path in free if not _NOT_NOTES.fullmatch(PurePosixPath(path).stem)]
    if len(notes) < 10 or _share_of_notes(tree.ordered) < 0.8 or any(map(_SITE.fullmatch, tree.ordered)):
        return False
    sample = [tree.peek(path) for path in notes[:: max(1, len(notes) // SAMPLE)]]
    if sorted(map(len, sample))[len(sample) // 2] > LONGEST_NOTE:
        return False
    topics = [path for path in notes if "/" in path and path.split("/")[0].lower() not in _DOCS]
    return len(topics) * 2 > len(notes) or sum("[[" in text for text in sample) * 5 > len(sample)


def _share_of_notes(paths: Collection[str]) -> float:
    """How many of the files beside media and hidden ones are notes."""
    files = [path for path in paths if not _is_hidden(path) and not _MEDIA.fullmatch(path)]
    return sum(map(is_note_file, files)) / len(files) if files else 0.0


def named_notes(tree: SourceTree, free: Sequence[str]) -> list[str]:
    """The plain notes among the files that a person named: of one file that file, of a directory those in a directory
    of notes, or all where it is mostly notes and no documentation."""
    named = frozenset(tree.named)
    notes = [path for path in free if path in named]
    if len(named) == 1:
        return notes
    mostly = _share_of_notes(tree.named) > 0.5
    return [path for path in notes if _is_named_for_notes(path) or (mostly and not _DOCS & _directories(path))]


def _is_named_for_notes(path: str) -> bool:
    return bool(_NOTES_NAMES & _directories(path))


def _directories(path: str) -> frozenset[str]:
    return frozenset(posixpath.dirname(path).lower().split("/"))
