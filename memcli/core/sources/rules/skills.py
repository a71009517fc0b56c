"""Skills (`skills/<name>/SKILL.md`) and commands of agents: one procedure for each.

The files beside a SKILL.md are named, not embedded. What a tool or a marketplace installed is not the project's own.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from pathlib import PurePosixPath

from memcli.core.memory.memory import Memory
from memcli.core.sources.lenient_front_matter import LenientDocument, parse_leniently
from memcli.core.sources.passage_text import count_words, has_shell, humanise, is_how_to, short_title
from memcli.core.sources.passages import EPOCH, Filing, Passage, SourceFile, known_anchors, memory_of
from memcli.core.sources.rules.general_prompts import is_about_project
from memcli.core.sources.rules.rule_scope import rule_scope
from memcli.core.sources.rules.rule_worth import GENERAL_ADVICE
from memcli.core.sources.sections import outline, piece_title, split_to_fit
from memcli.core.sources.source_paths import is_sample, is_third_party
from memcli.core.sources.source_reader import Reading, Skipped, SourceReader, SourceUnit, extracts_of
from memcli.core.sources.source_tree import SourceTree
from memcli.core.sources.titles import heading_title

LONGEST_NAME, LONGEST_DESCRIPTION = 64, 1024
MOST_FILES = 12
"""Files beside a skill that are named."""
_COMMANDS = re.compile(
    r"(?i)(?:^|/)(?:\.(?:claude|cursor|opencode|roo|agents?|codex)/commands?|\.(?:clinerules|windsurf|agents?)/workflows|"
    r"\.github/prompts)/(?:.*/)?[^/]+\.md$"
)
_AGENTS = re.compile(r"(?i)(?:^|/)\.(?:claude|cursor|opencode|github)/(?:agents?|chatmodes)/(?:.*/)?[^/]+\.md$")
_OTHERS = re.compile(
    r"(?i)(?:^|/)(?:openspec|opsx|speckit|spec-kit|superpowers|bmad|gsd|taskmaster|tm|sparc|claude-flow)(?:[-./:]|$)|"
    r"(?:^|/)(?:marketplaces?|\.claude/plugins)/"
)
_TEMPLATES = re.compile(r"(?i)(?:^|/)(?:templates?|skeleton|boilerplate)/")
_PLUGIN_FILES = tuple(
    f"{directory}/{name}.json"
    for directory in (".claude-plugin", ".codex-plugin", ".cursor-plugin")
    for name in ("plugin", "marketplace")
)
_MANIFESTS = frozenset(
    ("package.json", "pyproject.toml", "Cargo.toml", "go.mod", "setup.py", "composer.json", "pom.xml")
)
"""Files of a package that is made: a directory of skills beside them that is not hidden is for its users."""
_LOCK = "skills-lock.json"
FEWEST_WORDS = 10


def skill_reading(file: SourceFile, known_paths: Collection[str]) -> Reading:
    """The procedure in a file, or why it has none."""
    document = parse_leniently(file.text)
    reason = (
        _not_own(file.path, document)
        or _shipped(file.path, known_paths)
        or _no_procedure(file.path, document, known_paths)
    )
    if reason:
        return Reading(skipped=(Skipped(file.path, reason),))
    notices = tuple(_breaches(file.path, document)) if _is_skill(file.path) else ()
    return Reading(extracts_of(_memories(file, document, known_paths)), (), notices)


def _not_own(path: str, document: LenientDocument) -> str:
    if _TEMPLATES.search(path):
        return "a template"
    if is_sample(path):
        return "part of an example"
    named = _OTHERS.search(path)
    if named or document.get("generatedby", "generated_by"):
        return f"installed by {document.get('author') or (named[0].strip('/-.:') if named else 'a tool')}"
    return ""


def _shipped(path: str, known_paths: Collection[str]) -> str:
    """Why a skill is what the repository makes for others, not how it is worked on: a plugin or a package has it."""
    parents = PurePosixPath(path).parents
    if any(part.startswith(".") for part in PurePosixPath(path).parts):
        return ""
    is_shipped = any(str(parent / name) in known_paths for parent in parents for name in _PLUGIN_FILES)
    if is_shipped:
        return "part of a plugin that the repository makes"
    return "made for the users of the product" if not _MANIFESTS.isdisjoint(known_paths) else ""


def _is_about_project(path: str, document: LenientDocument, known_paths: Collection[str]) -> bool:
    """Whether a skill names a file of the repository beside its own, or a command that is not git's."""
    below = f"{PurePosixPath(path).parent}/"
    without_git = re.sub(r"`git [^`\n]*`|(?m:^[ \t]*(?:\$ )?git [^\n]*$)", " ", document.body)
    return is_about_project(without_git, {known for known in known_paths if not known.startswith(below)})


def _no_procedure(path: str, document: LenientDocument, known_paths: Collection[str]) -> str:
    if _AGENTS.search(path):
        return "defines an agent, not a procedure of the project"
    if count_words(document.body) < FEWEST_WORDS:
        return "next to no words"
    if _is_skill(path) and not _is_about_project(path, document, known_paths):
        return GENERAL_ADVICE
    is_prompt = not _is_skill(path) and not (has_shell(document.body) or is_how_to("", document.body))
    return "a prompt without steps or commands" if is_prompt else ""


def _memories(file: SourceFile, document: LenientDocument, known_paths: Collection[str]) -> Iterator[Memory]:
    lead = [f"{_name(file.path, document)}: {document.get('description')}".removesuffix(": ")]
    beside = _files_beside(file.path, known_paths) if _is_skill(file.path) else []
    tail = [f"Files beside it: {', '.join(beside)}"] if beside else []
    text = "\n\n".join((*lead, document.body.strip(), *tail))
    title = _title(file.path, document)
    anchors = (*rule_scope("", document, known_paths), *known_anchors(document.body, known_paths))
    for number, piece in enumerate(split_to_fit(text)):
        line = document.line + document.body.count("\n", 0, max(0, document.body.find(piece[-200:]))) if number else 1
        yield memory_of(
            Passage(f"{file.path}#L{line}", piece, EPOCH),
            Filing(
                piece_title(title, number), "procedure", "skills", "procedural", paths=tuple(dict.fromkeys(anchors))
            ),
        )


def _title(path: str, document: LenientDocument) -> str:
    """The heading of the file, else its name; with what it is for."""
    heading = heading_title(outline(document.body).title) or humanise(_name(path, document))
    sentence = re.split(r"(?<=[.!?])\s|\n", document.get("description"), maxsplit=1)[0].rstrip(".")
    purpose = f"{heading}: {sentence}" if sentence and sentence.lower() not in heading.lower() else heading
    return short_title(purpose) if len(purpose) <= 140 or count_words(heading) < 3 else short_title(heading)


def _name(path: str, document: LenientDocument) -> str:
    file = PurePosixPath(path)
    own = file.parent.name if _is_skill(path) else re.sub(r"\.prompt$", "", file.stem)
    return document.get("name") or own


def _files_beside(path: str, known_paths: Collection[str]) -> list[str]:
    below = f"{PurePosixPath(path).parent}/"
    names = sorted(known.removeprefix(below) for known in known_paths if known.startswith(below) and known != path)
    return names if len(names) <= MOST_FILES else [*names[:MOST_FILES], f"and {len(names) - MOST_FILES} more"]


def _breaches(path: str, document: LenientDocument) -> Iterator[Skipped]:
    """What of a skill breaks the rules of Agent Skills."""
    name, directory = document.get("name"), PurePosixPath(path).parent.name
    if not name or not document.get("description"):
        yield Skipped(path, "a skill needs a name and a description in its front matter", 1)
    elif not re.fullmatch(r"[a-z0-9]+(?:-[a-z0-9]+)*", name) or len(name) > LONGEST_NAME or name != directory:
        yield Skipped(path, f"a skill's name has lower-case words with -, and is that of its directory: {name[:80]}", 1)
    elif len(document.get("description")) > LONGEST_DESCRIPTION:
        yield Skipped(path, f"a skill's description has at most {LONGEST_DESCRIPTION} characters", 1)


def _is_skill(path: str) -> bool:
    """Whether a path is `SKILL.md` in a directory of its own below one of skills."""
    parts = PurePosixPath(path).parts
    return parts[-1:] == ("SKILL.md",) and any(part.lower() in ("skills", ".skills") for part in parts[:-2])


def _installed(tree: SourceTree) -> frozenset[str]:
    """The names of the skills that `skills-lock.json` says were installed from elsewhere."""
    return frozenset(re.findall(r'(?m)^ {4}"([^"\n]{1,80})": *\{', tree.peek(_LOCK)))


def _units(tree: SourceTree, taken: Collection[str]) -> Iterator[SourceUnit]:
    """One unit for each file, and one for the skills that were installed from elsewhere, with the file that says so."""
    installed = _installed(tree)
    others = [path for path in tree.ordered if _is_skill(path) and PurePosixPath(path).parent.name in installed]
    if others:
        yield SourceUnit(_LOCK, (_LOCK, *(path for path in others if path not in taken)))
    for path in tree.ordered:
        is_taken = path in taken or path in others or is_third_party(path)
        if not is_taken and (_is_skill(path) or _COMMANDS.search(path) or _AGENTS.search(path)):
            yield SourceUnit(path, (path,))


def _read(tree: SourceTree, unit: SourceUnit) -> Reading:
    if unit.root == _LOCK:
        return Reading(
            skipped=tuple(Skipped(path, f"installed from elsewhere, as {_LOCK} says") for path in unit.paths)
        )
    return skill_reading(tree.file(unit.root), tree.paths)


READER = SourceReader("skills", "skills and commands of agents", _units, _read, version=2)
