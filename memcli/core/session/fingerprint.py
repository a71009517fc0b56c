"""The fingerprint of a code commit: what its session keeps to recognise the change in other commits, without its text.

Invariant: `list(fingerprint_lines(fingerprint.line())) == [fingerprint]`; reading never fails: lines that are no
fingerprints are left out. A commit takes at most `MOST_LINES` hashes, a session `MOST_BYTES` and a few hundred bytes
for each further commit.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from hashlib import sha1

from memcli.core.session.line_hash import LENGTH, bare, line_hash, path_hash

MOST_LINES, MOST_BYTES, MOST_COMMITS = 5_000, 256 << 10, 20_000
"""Hashes of lines of one commit, bytes of a session after which only patch ids are kept, and commits of a session."""
_HASHES = re.compile(rf"(?:[\w-]{{{LENGTH}}})*", re.ASCII)
_ID = re.compile("[0-9a-f]{40}")


@dataclass(frozen=True)
class FileText:
    """How a commit changed a file: the lines that it added and removed; `blob` is what it made of one without lines."""

    path: str
    added: Sequence[bytes]
    removed: Sequence[bytes]
    blob: str = ""


@dataclass(frozen=True)
class FilePrint:
    """A file of a commit: hashes of its path, and of the lines that were added and removed, in order."""

    path: str
    added: tuple[str, ...]
    removed: tuple[str, ...]


@dataclass(frozen=True)
class Fingerprint:
    """`patch`: empty where all files were left out; `authored`: seconds of the author's date; `is_whole`: no file or
    line of the commit is missing."""

    commit: str
    patch: str
    authored: int
    is_whole: bool
    files: tuple[FilePrint, ...]

    def line(self) -> str:
        """As a line of `.session/fingerprints.jsonl`, without the line end."""
        files = [[file.path, "".join(file.added), "".join(file.removed)] for file in self.files]
        members = {"commit": self.commit, "patch": self.patch, "authored": self.authored, "whole": self.is_whole,
                   "files": files}  # fmt: skip
        return json.dumps(members, separators=(",", ":"))

    def without_lines(self) -> Fingerprint:
        """The fingerprint of a session that has too many."""
        return Fingerprint(self.commit, self.patch, self.authored, False, ())


def fingerprint(commit: str, authored: int, is_whole: bool, files: Sequence[FileText]) -> Fingerprint:
    """The fingerprint of a commit that changed these files."""
    prints, left = list[FilePrint](), MOST_LINES
    for file in files:
        added, removed = (tuple(filter(None, map(line_hash, lines))) for lines in (file.added, file.removed))
        is_whole = is_whole and len(added) + len(removed) <= left
        added = added[:left]
        removed = removed[: left - len(added)]
        left -= len(added) + len(removed)
        if added or removed:
            prints.append(FilePrint(path_hash(file.path), added, removed))
    return Fingerprint(commit, patch_id(files), authored, is_whole, tuple(prints))


def patch_id(files: Iterable[FileText]) -> str:
    """What a change is wherever it is applied: paths, removed and added lines, without white space and line numbers as
    for `git patch-id --stable`, and without the lines around it; empty for no change."""
    digests = sorted(_digest(file) for file in files)
    return sha1(b"".join(digests), usedforsecurity=False).hexdigest() if digests else ""


def _digest(file: FileText) -> bytes:
    signs = ((b"-", file.removed), (b"+", file.added))
    lines = [sign + bare(line) for sign, signed in signs for line in signed if line.strip()]
    whole = [file.path.encode("utf-8", "surrogateescape"), file.blob.encode(), *lines]
    return sha1(b"\n".join(whole), usedforsecurity=False).digest()


def fingerprint_lines(text: str) -> Iterator[Fingerprint]:
    """The fingerprints of a file, in its order."""
    for line in text.split("\n", MOST_COMMITS)[:MOST_COMMITS]:
        if read := _fingerprint(line):
            yield read


def with_fingerprints(text: str, new: Iterable[Fingerprint]) -> str:
    """The file's text with the fingerprints of commits and changes that it lacks."""
    known = list(fingerprint_lines(text))
    commits, patches = {each.commit for each in known}, {each.patch for each in known} - {""}
    for each in new:
        if each.commit not in commits and each.patch not in patches:
            commits.add(each.commit)
            patches |= {each.patch} - {""}
            line = each.line() if len(text) < MOST_BYTES else each.without_lines().line()
            text += f"{line}\n"
    return text


def _fingerprint(line: str) -> Fingerprint | None:
    try:
        members = json.loads(line)
        rows = [tuple(map(_split, row)) for row in members["files"]]
        files = tuple(FilePrint("".join(path), added, removed) for path, added, removed in rows)
        commit, patch = members["commit"], members["patch"]
        if not (_ID.fullmatch(commit) and (not patch or _ID.fullmatch(patch))):
            return None
        return Fingerprint(commit, patch, int(members["authored"]), members["whole"] is True, files)
    except (ValueError, KeyError, TypeError, RecursionError, OverflowError):
        return None


def _split(hashes: str) -> tuple[str, ...]:
    """The hashes in a row of them. Raises ValueError for anything else."""
    if not _HASHES.fullmatch(hashes):
        raise ValueError(hashes)
    return tuple(hashes[place : place + LENGTH] for place in range(0, len(hashes), LENGTH))
