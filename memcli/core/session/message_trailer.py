"""The trailer of a code commit that names its session, put into the file in which git keeps a message.

Invariant: nothing that was there is changed but blank lines at the end; the trailer follows the words and precedes the
comments. A message without words stays as it is, since git takes that for a commit that was given up; adding twice is
adding once.
"""

from __future__ import annotations

from memcli.core.session import trailers

KEY = trailers.SESSION.encode()
_PICKED = b"(cherry picked from commit "


def with_session(message: bytes, session: str) -> bytes:
    """The message with its `Mem-Session` trailer, in the last paragraph where that holds trailers already."""
    body, rest = _cut(message)
    paragraphs = body.replace(b"\r\n", b"\n").split(b"\n\n")
    last = paragraphs[-1].split(b"\n") if len(paragraphs) > 1 else []
    if not body or any(_key(line) == KEY.lower() for line in last):
        return message
    gap = b"\n" if last and _are_trailers(last) else b"\n\n"
    return body + gap + KEY + b": " + session.encode() + b"\n" + rest


def _cut(message: bytes) -> tuple[bytes, bytes]:
    """The words of a message and, beginning with a blank line or empty, the comments that git appends."""
    lines = message.split(b"\n")
    end = len(lines)
    while end and (not lines[end - 1].strip() or lines[end - 1].startswith(b"#")):
        end -= 1
    if not end:
        return b"", message
    rest = b"\n".join(lines[end:])
    return b"\n".join(lines[:end]), rest if rest.strip() else b""


def _key(line: bytes) -> bytes:
    """The key of a trailer, in lower case; empty for any other line."""
    name, colon, _ = line.partition(b":")
    word = name.strip() if not line[:1].isspace() else b""
    return word.lower() if colon and word and word.replace(b"-", b"").isalnum() else b""


def _are_trailers(lines: list[bytes]) -> bool:
    """Whether git takes a paragraph for trailers; a line that goes on does so from one above it."""
    return any(map(_key, lines)) and all(map(_is_trailer, lines)) and not lines[0][:1].isspace()


def _is_trailer(line: bytes) -> bool:
    return bool(_key(line)) or line[:1].isspace() or line.startswith(_PICKED)
