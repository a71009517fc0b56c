"""The names of sessions: which are allowed, a harness's own, and under which one an ended session goes on.

Imports next to nothing: a hook that only records asks it.
"""

from __future__ import annotations

import re

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

THE_DREAM, OF_DREAM = "dream", "dream-"
"""What people call the open dream, and how the names of dreams' sessions begin."""
RESERVED = ("none", "spool", THE_DREAM)
PATTERN = r"[a-z0-9][a-z0-9-]{0,63}"


def is_dream(name: str) -> bool:
    """Whether a session of this name is a dream's."""
    return name.startswith(OF_DREAM)


def with_dreams(names: Collection[str], sessions: Iterable[str]) -> set[str]:
    """The names, and in place of `dream` the dreams among some sessions."""
    return {*names} - {THE_DREAM} | ({name for name in sessions if is_dream(name)} if THE_DREAM in names else set())


def is_well_formed(name: str) -> bool:
    """Whether a text can name a session, and so a ref and a file; reserved words are well-formed."""
    return re.fullmatch(PATTERN, name) is not None


class SessionName(str):
    """A well-formed name that is not a reserved word. Raises ValueError."""

    def __new__(cls, text: str) -> SessionName:
        if not is_well_formed(text):
            raise ValueError(f"a session's name is lower-case letters, digits and '-', at most 64: {text[:80]!r}")
        if text in RESERVED:
            raise ValueError(f"the session name {text!r} is reserved")
        return super().__new__(cls, text)


def successor_name(name: str, number: int) -> str:
    """The name under which an ended session goes on, from 2 on."""
    return f"{name[:60]}-{number}"


def is_successor(later: str, name: str) -> bool:
    """Whether `later` is a name under which the session `name` goes on."""
    number = later[len(name[:60]) + 1 :]
    return number.isdigit() and later == f"{name[:60]}-{number}"


def standing_name(person: str) -> str:
    """The name of a person's standing draft session: their login, as far as it can name a session."""
    if not is_well_formed(person):
        from memcli.core.memory.identity import slug

        person = slug(person, "user")
    return f"drafts-{person[:50]}" if person in RESERVED or is_dream(person) else person


def is_standing_name(name: str, person: str) -> bool:
    """Whether a name is that of a person's standing draft session, or one under which it goes on."""
    own = standing_name(person)
    return name == own or is_successor(name, own)


def harness_session(agent: str, harness_id: str) -> str:
    """The same id finds the same session, with no table to keep: `<agent>-<8 digits of the id's SHA-256>`."""
    digest = _sha256(harness_id.encode("utf-8", "replace"))
    plain = all("a" <= letter <= "z" or letter == "-" or letter.isdigit() for letter in agent) and agent[:1].isalpha()
    if not plain:
        from memcli.core.memory.identity import slug

        agent = slug(agent, "agent")
    return f"{agent[:40]}-{digest[:8]}"


def _sha256(data: bytes) -> str:
    try:
        from _sha256 import sha256  # type: ignore[import-not-found]  # hashlib loads OpenSSL, which takes as long as everything else here
    except ImportError:
        from hashlib import sha256
    digest: str = sha256(data).hexdigest()
    return digest
