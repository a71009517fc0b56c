"""Checks of a candidate's own file: schema, size, secret, terminal-escape, path-safety, read-only; no store needed."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from memcli.core.finding import BLOCK, Finding
from memcli.core.memory.document import MAX_BYTES, DocumentError, KeyLines, Value, parse_document
from memcli.core.memory.holds_if import parse_rule
from memcli.core.memory.identity import DEVICE_NAMES
from memcli.core.memory.key_types import TOPIC_PATTERN
from memcli.core.memory.memory import KINDS, Memory
from memcli.core.review.candidates import Candidate
from memcli.core.review.private import has_private
from memcli.core.review.secrets import secret_findings

# C0 but for tab and line feed, DEL, C1, and the characters that turn the direction of a line around
_ESCAPE = "[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]"
_UNSAFE_NAME = r'[\x00-\x1f\x7f-\x9f\\:*?"<>|]'


def form_findings(candidate: Candidate) -> list[Finding]:
    """What is wrong with a candidate's file by itself."""
    size = len(candidate.new_text.encode("utf-8", "surrogatepass"))
    if size > MAX_BYTES:
        message = f"{size:,} bytes, a memory has at most {MAX_BYTES:,}"
        return [
            Finding("size", BLOCK, candidate.id, message, "split it, or keep the long part in a file and anchor it")
        ]
    return [
        *(replace(problem, id=problem.id or candidate.id) for problem in candidate.problems),
        *_schema(candidate),
        *secret_findings(candidate.new_text, candidate.id),
        *_private(candidate),
        *escapes(candidate),
        *_paths(candidate),
    ]


def _schema(candidate: Candidate) -> Iterator[Finding]:
    before, after = candidate.before, candidate.after
    if after is None or after.status == "withdrawn":
        return
    if not after.title.strip():
        yield Finding("schema", BLOCK, candidate.id, "title: is blank", "give it a title of one line")
    if not after.body.strip():
        yield Finding("schema", BLOCK, candidate.id, "there is no body", "write below the front matter what is known")
    if before and before.id != after.id:
        message = f"id: was {before.id}, an id is given once"
        yield Finding("schema", BLOCK, candidate.id, message, f"put back 'id: {before.id}'")


def _private(candidate: Candidate) -> Iterator[Finding]:
    """What is private is taken out before a text comes here; one that comes another way, by a fetch, is not let in."""
    if has_private(candidate.new_text) or (
        "\\" in candidate.new_text
        and any(has_private(text) for entry in _entries(candidate.new_text) for text in _strings(entry.value))
    ):
        step = "take out what is between <private> and </private>"
        yield Finding("private", BLOCK, candidate.id, "it marks something as private", step)


def same_ids(candidates: Sequence[Candidate]) -> list[Finding]:
    """Files of one session that claim the same id, as copies do."""
    counts = Counter(candidate.id for candidate in candidates)
    step = "in the copy, remove the lines 'id' and 'created'; it is given its own"
    return [
        Finding("schema", BLOCK, candidate.id, f"id: {candidate.path!r} shares it with another file", step)
        for candidate in candidates
        if counts[candidate.id] > 1
    ]


def escapes(candidate: Candidate) -> Iterator[Finding]:
    """One finding for the file: the first character that a terminal would obey, as it stands or as `"\x1b"`."""
    match = re.search(_ESCAPE, candidate.new_text)
    if match:
        line = candidate.new_text.count("\n", 0, match.start()) + 1
        message = f"line {line}: control character U+{ord(match[0]):04X}"
        yield Finding("terminal-escape", BLOCK, candidate.id, message, f"remove it from line {line}")
    elif "\\" in candidate.new_text:
        for entry in _entries(candidate.new_text):
            if any(re.search(_ESCAPE, text) for text in _strings(entry.value)):
                message = f"line {entry.line}: '{entry.key}' spells out a control character"
                yield Finding("terminal-escape", BLOCK, candidate.id, message, f"remove it from line {entry.line}")


def _entries(text: str) -> tuple[KeyLines, ...]:
    try:
        return parse_document(text).entries
    except DocumentError:
        return ()


def _strings(value: Value) -> Iterator[str]:
    """Every text in a value, keys of mappings too."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for key, inner in value.items():
            yield key
            yield from _strings(inner)
    elif value is not None:
        for inner in value:
            yield from _strings(inner)


def _paths(candidate: Candidate) -> Iterator[Finding]:
    reason = unsafe_path(candidate.path)
    if reason:
        step = "move the file to <kind>/<topic>/<name>.md, such as semantic/payments/retries.md"
        yield Finding("path-safety", BLOCK, candidate.id, f"{candidate.path!r} {reason}", step)
    for path in _code_paths(candidate.after) if candidate.after else ():
        reason = unsafe_anchor(path)
        if reason:
            step = "write anchors relative to the repository's root, such as src/app.py"
            yield Finding("path-safety", BLOCK, candidate.id, f"anchor {path!r} {reason}", step)


def _code_paths(memory: Memory) -> list[str]:
    """The code paths a memory names: its anchors, and what its `holds_if` checks open."""
    rules = ((rule, parse_rule(rule)) for rule in memory.holds_if if rule.split())
    opened = [parsed.path if parsed else rule.split()[0] for rule, parsed in rules]
    return [anchor.path for anchor in memory.paths] + opened


def unsafe_path(path: str) -> str:
    """Why a path may not be in the store, `` where it may: `<kind>/<topic>/<name>.md`, safe on every file system."""
    parts = path.split("/")
    if len(parts) != 3 or parts[0] not in KINDS or not parts[2].endswith(".md"):
        return "is not <kind>/<topic>/<name>.md"
    if not TOPIC_PATTERN.fullmatch(parts[1]):
        return "has a topic that is not lower-case words joined by '-'"
    return _unsafe_name(parts[2].removesuffix(".md")) or next(filter(None, map(_unsafe_name, parts[1:])), "")


def _unsafe_name(name: str) -> str:
    """Why a component may not be in the store: what some file system reads as another name, or as none."""
    if not name or name.startswith(".") or name != name.strip(" ") or name.endswith("."):
        return "has a name that begins or ends with a dot or a blank"
    if re.search(_UNSAFE_NAME, name) or any(unicodedata.category(letter) in ("Cf", "Cs") for letter in name):
        return "has a name with a character that not every file system keeps"
    if unicodedata.normalize("NFC", name) != name:
        return "has a name that is not in Unicode form NFC"
    if name.lower().partition(".")[0] in DEVICE_NAMES or name.lower().startswith("git~"):
        return "has a name that is a device or a folder of git's"
    return "has a name longer than 200 bytes" if len(name.encode()) > 200 else ""


def unsafe_anchor(path: str) -> str:
    """Why an anchor may not be followed, `` where it may: it has to stay within the repository."""
    if path.startswith(("/", "\\", "~")) or re.match(r"[A-Za-z]:", path):
        return "is absolute"
    parts = re.split(r"[/\\]", path)
    if ".." in parts:
        return "leaves the repository"
    if any(part.lower().rstrip(". ") in (".git", "git~1") for part in parts):
        return "points into git's own folder"
    return ""


def read_only(candidate: Candidate, agent: bool) -> list[Finding]:
    """An agent neither changes a read-only memory nor makes one."""
    before, after = candidate.before, candidate.after
    if not agent or not ((before and before.read_only) or (after and after.read_only)):
        return []
    message = "is read-only: agents may not change it" if before and before.read_only else "read_only is set by persons"
    step = "write what you learned as a memory of its own with `mem add`" if before else "leave out 'read_only'"
    return [Finding("read-only", BLOCK, candidate.id, message, step)]
