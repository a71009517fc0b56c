"""Which paths are safe: for files of the store on every file system, for anchors within the repository."""

from __future__ import annotations

import re
import unicodedata

from memcli.core.memory.identity import DEVICE_NAMES
from memcli.core.memory.key_types import KINDS, TOPIC_PATTERN

_UNSAFE_NAME = r'[\x00-\x1f\x7f-\x9f\\:*?"<>|]'


def unsafe_path(path: str) -> str:
    """Why a path may not be in the store, `` if it may: `<kind>/<topic>/<name>.md`, safe on every file system."""
    parts = path.split("/")
    if len(parts) != 3 or parts[0] not in KINDS or not parts[2].endswith(".md"):
        return "is not <kind>/<topic>/<name>.md"
    if not TOPIC_PATTERN.fullmatch(parts[1]):
        return "has a topic that is not lower-case words joined by '-'"
    return _unsafe_name(parts[2].removesuffix(".md")) or next(filter(None, map(_unsafe_name, parts[1:])), "")


def _unsafe_name(name: str) -> str:
    """Why a file or directory may not have a name: some file system would read it as another one, or refuse it."""
    if not name or name.startswith(".") or name != name.strip(" ") or name.endswith("."):
        return "has a name that begins or ends with a dot or a blank"
    if re.search(_UNSAFE_NAME, name) or any(unicodedata.category(letter) in ("Cf", "Cs") for letter in name):
        return "has a character in its name that some file systems do not keep"
    if unicodedata.normalize("NFC", name) != name:
        return "has a name that is not in Unicode form NFC"
    if name.lower().partition(".")[0] in DEVICE_NAMES or name.lower().startswith("git~"):
        return "has the name of a device or of a directory of git"
    return "has a name longer than 200 bytes" if len(name.encode()) > 200 else ""


def unsafe_anchor(path: str) -> str:
    """Why an anchor may not be followed, `` if it may: it has to stay within the repository."""
    if path.startswith(("/", "\\", "~")) or re.match(r"[A-Za-z]:", path):
        return "is absolute"
    parts = re.split(r"[/\\]", path)
    if ".." in parts:
        return "leaves the repository"
    if any(part.lower().rstrip(". ") in (".git", "git~1") for part in parts):
        return "points into the .git directory"
    return ""
