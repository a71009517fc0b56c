"""Procedures as Agent Skills: a folder with a SKILL.md each, by the rules of the specification.

`name`: the folder's, at most 64 lower-case letters, digits and single hyphens, no reserved word; `description`: at
most 1,024 characters without tags, what the skill is for and when to use it; fewer than 500 lines of instructions.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from memcli.core.exchange.body_links import BodyLink, relinked
from memcli.core.exchange.exported_copy import copy_metadata
from memcli.core.exchange.exported_memory import ExportedMemory
from memcli.core.exchange.file_names import unique_names
from memcli.core.exchange.memory_digest import digest
from memcli.core.memory.document import Value, new_document
from memcli.core.memory.identity import short, slug
from memcli.core.pack.frame import clean, shortened

SKILL, DETAILS = "SKILL.md", "references/details.md"
MOST_LINES, MOST_DESCRIBED = 450, 1000
_RESERVED = ("anthropic", "claude")
_USE_WHEN = re.compile(r"\b(?:Use|Used|Useful) (?:this )?when\b", re.I)


def is_procedure(exported: ExportedMemory) -> bool:
    """Whether a memory says how to do something."""
    return exported.memory.kind == "procedural" or exported.memory.type == "procedure"


def skill_files(memories: Sequence[ExportedMemory]) -> dict[str, str]:
    """The files of the skills."""
    procedures = [exported for exported in memories if is_procedure(exported)]
    wanted = ((exported.memory.id, _skill_name(exported.memory.title)) for exported in procedures)
    names = unique_names(wanted, clash="{}-{}")
    files: dict[str, str] = {}
    for exported in procedures:
        name = names[exported.memory.id].lower()
        files |= {f"{name}/{path}": text for path, text in _folder(exported, name).items()}
    return files


def _skill_name(title: str) -> str:
    words = slug(title, "procedure").split("-")
    return "-".join(word for word in words if not any(reserved in word for reserved in _RESERVED)) or "procedure"


def _folder(exported: ExportedMemory, name: str) -> dict[str, str]:
    """The files of one skill; instructions that are too long go on in a file beside them."""
    front: dict[str, Value] = {
        "name": name,
        "description": _description(exported),
    }
    body = relinked(exported.document.body, _plain)
    lines = body.rstrip("\n").split("\n")
    if len(lines) <= MOST_LINES:
        return {SKILL: _skill(exported, front, body)}
    first = "\n".join((*lines[:MOST_LINES], "", f"The rest is in [{DETAILS}]({DETAILS}).", ""))
    return {SKILL: _skill(exported, front, first), DETAILS: "\n".join((*lines[MOST_LINES:], ""))}


def _skill(exported: ExportedMemory, front: Mapping[str, Value], body: str) -> str:
    return new_document({**front, "metadata": copy_metadata(exported.memory, body)}, body).text()


def _description(exported: ExportedMemory) -> str:
    """What the skill is for, in the third person, and when to use it."""
    memory = exported.memory
    title, text = _untagged(clean(memory.title)).rstrip(".:"), _untagged(digest(memory, MOST_DESCRIBED))
    proposed = "Proposed, not decided yet. " if exported.undecided else ""
    if _USE_WHEN.search(text):
        return shortened(f"{proposed}{title}. {text}", MOST_DESCRIBED)
    ending = f" Use when the task is about {memory.topic}: {title}."
    summary = "" if text == title else f" {text}"
    start = f"{proposed}Describes how this project does it: {title}."
    return shortened(f"{start}{summary}", MOST_DESCRIBED - len(ending)) + ending


def _untagged(text: str) -> str:
    return text.replace("<", "‹").replace(">", "›")


def _plain(link: BodyLink) -> str:
    """A link as text: skills cannot lead into the store."""
    return link.label or f"`mem show {short(link.target.upper())}`"
