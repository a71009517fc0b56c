"""Which code the rules of a file are about: the globs in its front matter, and the directory that it governs."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator

from memcli.core.memory.anchors import Anchor, has_wildcards, matching, tidied
from memcli.core.sources.lenient_front_matter import LenientDocument
from memcli.core.sources.passages import MAX_ANCHORS
from memcli.core.text.instruction_files import governed_directory

GLOB_KEYS = ("globs", "applyto", "apply_to", "paths", "filematchpattern", "filematch_pattern", "glob")
"""Keys of Cursor and Windsurf, Copilot, Claude Code, Kiro."""
_MOST_GLOBS = 60


def rule_scope(path: str, document: LenientDocument, known_paths: Collection[str]) -> tuple[Anchor, ...]:
    """The globs that a file of rules applies to and that match a known path, else its directory, if that has others."""
    directory = governed_directory(path)
    globs = [_from_root(glob, directory) for glob in rule_globs(document)]
    narrow = matching(dict.fromkeys(globs), known_paths)[:MAX_ANCHORS]
    if narrow or not directory:
        return tuple(map(Anchor, narrow))
    below = f"{directory}/"
    has_code = any(known.startswith(below) and known != path for known in known_paths)
    return (Anchor(f"{below}**"),) if has_code else ()


def rule_globs(document: LenientDocument) -> list[str]:
    """The globs in a front matter that leave anything out, with their braces expanded."""
    pieces = re.split(r",(?![^{}]{0,200}\})", document.get(*GLOB_KEYS)[:5000])
    globs = (tidied(glob) for piece in pieces for glob in _expanded(piece.strip(" \"'[]")))
    return [glob for glob in globs if not re.fullmatch(r"[*/.]*", glob)][:_MOST_GLOBS]


def _expanded(glob: str, depth: int = 0) -> Iterator[str]:
    """The globs that one with `{a,b}` stands for."""
    braces = re.search(r"\{([^{}]*)\}", glob)
    if not braces or depth > 3:
        yield glob
        return
    for choice in braces[1].split(",")[:12]:
        yield from _expanded(f"{glob[: braces.start()]}{choice.strip()}{glob[braces.end() :]}", depth + 1)


def _from_root(glob: str, directory: str) -> str:
    """A glob as an anchor of the repository: without a slash it is for files of any depth."""
    anywhere = f"**/{glob}" if "/" not in glob and has_wildcards(glob) else glob.removeprefix("/")
    return f"{directory}/{anywhere}" if directory and not anywhere.startswith(f"{directory}/") else anywhere
