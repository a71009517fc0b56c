"""Names that are checked once, when they are made: memory ids (ULID), slugs, and paths in the store."""

from __future__ import annotations

import functools
import re
import unicodedata
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime

from memcli.core.memory.base32 import CROCKFORD, encoded, ulid_after
from memcli.errors import NotFound, Usage

__all__ = ["CROCKFORD", "MemoryId", "Ulids", "derived_ulid", "new_memory_path", "only_match", "short", "slug", "ulid"]

MAX_SLUG = 48
_LAST_SECOND = 253_402_300_799
LEAST_TO_WRITE = 4
"""Characters of an id that have to be given where something is changed."""
DEVICE_NAMES = frozenset(
    ["con", "prn", "aux", "nul", *(f"com{n}" for n in range(1, 10)), *(f"lpt{n}" for n in range(1, 10))]
)


class MemoryId(str):
    """A ULID: 26 Crockford digits, 48 bits of milliseconds and 80 of entropy. Raises ValueError."""

    def __new__(cls, text: str) -> MemoryId:
        if len(text) != 26 or text[0] > "7" or any(letter not in CROCKFORD for letter in text):
            raise ValueError(f"not a ULID: {text[:40]!r}")
        return super().__new__(cls, text)


def ulid(at: datetime, entropy: bytes) -> MemoryId:
    """The ULID of an instant and 10 bytes of entropy (times before the epoch count as the epoch)."""
    return MemoryId(encoded(_number(at, entropy), 26))


def _number(at: datetime, entropy: bytes) -> int:
    return (_milliseconds(at) << 80) | int.from_bytes(entropy[:10], "big")


def _milliseconds(at: datetime) -> int:
    return max(0, int(at.timestamp() * 1000)) & ((1 << 48) - 1)


class Ulids:
    """A source of ids that sort in the order in which they were made."""

    def __init__(self) -> None:
        self._last = ""

    def next(self, at: datetime, entropy: bytes, names: Iterable[str] = ()) -> MemoryId:
        """The id of an instant and 16 bytes of entropy, which sorts behind `names` and the last one: `ulid_after`."""
        self._last = ulid_after((self._last, *names), _milliseconds(at), entropy)
        return MemoryId(self._last)


def derived_ulid(at: datetime, *parts: str) -> MemoryId:
    """An id that every clone derives alike: the time of the source and the hash of `parts`."""
    import hashlib  # loads OpenSSL, which most calls need not

    return ulid(at, hashlib.sha256("\0".join(parts).encode()).digest())


def date_of_id(memory_id: MemoryId) -> datetime:
    """The instant that an id was made at, in whole seconds."""
    number = functools.reduce(lambda total, letter: total * 32 + CROCKFORD.index(letter), memory_id[:10], 0)
    return datetime.fromtimestamp(min(number // 1000, _LAST_SECOND), UTC)


def id_matches(text: str, full_id: str) -> bool:
    """Whether a text is an id, a prefix or a suffix of it, in upper or lower case."""
    part, whole = text.upper(), full_id.upper()
    return whole.startswith(part) or whole.endswith(part)


def only_match(text: str, ids: Iterable[str], noun: str, hint: str) -> str:
    """The one of `ids` that a text is, or is a prefix or suffix of. Raises NotFound (with `hint`) where no `noun` has
    it, Usage where several have."""
    matches = sorted({full_id for full_id in ids if id_matches(text, full_id)})
    if not matches:
        raise NotFound(f"no {noun} with the id {text!r}", hint)
    refuse_several_ids(text, matches)
    return matches[0]


def refuse_several_ids(text: str, matches: Sequence[str]) -> None:
    """Raise Usage where a text is a part of several ids."""
    if len(matches) > 1:
        some = ", ".join(matches[:5]) + (", …" if len(matches) > 5 else "")
        raise Usage(f"{text!r} is part of {len(matches)} ids: {some}", "use more characters of the id")


def refuse_short_id(text: str) -> None:
    """Raise Usage for too few characters of an id to change anything by: one letter may mean another memory soon."""
    if len(text) < LEAST_TO_WRITE:
        least = f"where something is changed, an id needs at least {LEAST_TO_WRITE} characters"
        raise Usage(f"{text!r} is too short: {least}", "'mem list --all' shows ids")


def short(memory_id: str) -> str:
    """The last six characters of an id, by which messages and file names name it."""
    return memory_id[-6:]


def slug(text: str, fallback: str = "note") -> str:
    """Lower-case ASCII words joined by `-`, at most 48 characters; never empty, never a device name."""
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    words = re.findall(r"[a-z0-9]+", plain)
    result = ""
    for word in words:
        if result and len(result) + 1 + len(word) > MAX_SLUG:
            break
        result = f"{result}-{word}" if result else word[:MAX_SLUG]
    return fallback if not result or result in DEVICE_NAMES else result


def new_memory_path(kind: str, topic: str, title: str, memory_id: str) -> str:
    """The path of a new memory: `<kind>/<topic>/<slug>-<id6>.md`. It is chosen once and does not follow later edits."""
    return f"{kind}/{slug(topic, 'general')}/{slug(title)}-{short(memory_id)}.md"
