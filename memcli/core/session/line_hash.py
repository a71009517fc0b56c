"""Lines and paths of code as hashes of 36 bits, six letters each: enough to know a line again, no text to read.

Invariant: white space does not count, so that indentation and line ends may change; a line that any code has (a brace,
`else:`) has no hash, since it is no evidence of who wrote it.
"""

from __future__ import annotations

import re
from base64 import urlsafe_b64encode
from hashlib import blake2b

LENGTH = 6
"""Letters of a hash."""
LONGEST = 4_096
"""Bytes of a line that count."""
_WORD = re.compile(rb"[\w\x80-\xff]")
_COMMON = frozenset(
    b"""0 1 begin break continue default: do done else else: elsebegin end endif esac exit False false fi finally
    finally: import loop nil None null ok pass repeat return returnFalse returnNone returnTrue returnerr returnfalse
    returnnil returnnull returntrue self self. super then todo true True try try: usestrict wend #endif #else""".split()
)


def line_hash(line: bytes) -> str:
    """The hash of a line; empty for one that is too common to tell anything."""
    text = bare(line)
    return _hash(text) if _WORD.search(text) and text.strip(b"()[]{};,'\"`") not in _COMMON else ""


def line_weight(line: bytes) -> int:
    """The number of letters and digits of a line: how unlikely it is that two authors wrote it."""
    return len(_WORD.findall(bare(line))) if line_hash(line) else 0


def path_hash(path: str) -> str:
    """The hash of a path, whatever its bytes."""
    return _hash(b"path " + path.encode("utf-8", "surrogateescape"))


def bare(line: bytes) -> bytes:
    """A line without white space, as far as it counts."""
    return b"".join(line[:LONGEST].split())


def _hash(text: bytes) -> str:
    return urlsafe_b64encode(blake2b(text, digest_size=6).digest()).decode()[:LENGTH]
