"""Rules for agents (AGENTS.md, CLAUDE.md, GEMINI.md, Cursor, Copilot): one memory per section.

Not one per bullet: a rule without its neighbours has lost what it is about.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from fnmatch import fnmatchcase
from pathlib import PurePosixPath

from memcli.core.bootstrap.lenient_front_matter import Headed, headed
from memcli.core.bootstrap.passage_text import count_words, first_sentence, humanised, rule_type, titled
from memcli.core.bootstrap.passages import Passage, SourceFile, anchors, memory_of, moment
from memcli.core.bootstrap.sections import Part, outline
from memcli.core.memory.anchors import Anchor
from memcli.core.memory.memory import Memory

MIN_WORDS = 4
_GENERIC = (
    r"(?i)(?:agents?|claude|gemini|copilot|cursor|windsurf)?(?:\.local)?(?:\.md)?|"
    r".*\b(?:instructions|guidelines|guidance|guide|rules|overview)\b.*"
)
_STANDARD = ("This file provides guidance to", "This file contains instructions for")


def memories(file: SourceFile, known_paths: Collection[str] = ()) -> Iterator[Memory]:
    """The sections of a file of rules; those of a directory's own file are anchored to the directory."""
    source = headed(file.text)
    shape = outline(source.body, source.line)
    scope = _scope(file.path, source, known_paths)
    for part in shape.parts:
        if count_words(part.text) >= MIN_WORDS and not _is_standard(part):
            yield _memory(file, source, shape.title, part, scope, known_paths)


def _is_standard(part: Part) -> bool:
    """The sentence every generated file begins with."""
    return part.text.startswith(_STANDARD) and count_words(part.text) < 25


def _memory(
    file: SourceFile, source: Headed, title: str, part: Part, scope: tuple[Anchor, ...], known_paths: Collection[str]
) -> Memory:
    heading = part.title or source.get("description") or ("" if re.fullmatch(_GENERIC, title) else title)
    type_ = rule_type(part.title or title, part.text)
    text = "\n\n".join((*_limits(source), part.text))
    return memory_of(
        Passage(f"{file.path}#L{part.line}", text, moment(file.date)),
        title=part.numbered(_title(file.path, title, heading or first_sentence(part.text))),
        kind="procedural" if type_ == "procedure" else "semantic",
        type=type_,
        topic=_topic(file.path),
        paths=tuple(dict.fromkeys((*scope, *anchors(part.text, known_paths)))),
    )


def _limits(source: Headed) -> list[str]:
    """What the front matter says on where a rule applies; the text does not repeat it."""
    globs = source.get("globs", "applyto", "paths")
    return [f"Applies to: {globs}"] if globs else []


def _title(path: str, title: str, heading: str) -> str:
    folder = "" if "." in _place(path)[:1] else _place(path)
    above = folder or ("" if re.fullmatch(_GENERIC, title) else title)
    if not heading:
        return titled(f"Rules of {path}")
    return titled(heading if not above or heading == above else f"{above}: {heading}")


def _place(path: str) -> str:
    """The directory whose rules they are; empty for the repository's own, `.` and more for those in hidden places."""
    parent = PurePosixPath(path).parent
    return "" if str(parent) == "." else str(parent)


def _topic(path: str) -> str:
    place = PurePosixPath(_place(path))
    stem = humanised(PurePosixPath(path).name)
    if place.name == "rules" or place.name == "instructions":
        return re.sub(r"(?i)^copilot-instructions$", "conventions", stem)
    return "conventions" if not place.name or place.name.startswith(".") else place.name


def _scope(path: str, source: Headed, known_paths: Collection[str]) -> tuple[Anchor, ...]:
    """Globs of the rule's front matter and of its directory, as far as they match a known path."""
    globs = [glob.strip(" \"'[]") for glob in source.get("globs", "applyto", "paths").split(",")]
    place = _place(path)
    if place and not place.startswith("."):
        globs.append(f"{place}/**")
    return tuple(Anchor(glob) for glob in globs if glob not in ("", "**", "**/*") and _matches(glob, known_paths))


def _matches(glob: str, known_paths: Collection[str]) -> bool:
    loose = glob.replace("**/", "*").replace("**", "*")
    return any(fnmatchcase(path, loose) for path in known_paths)
