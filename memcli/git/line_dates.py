"""When the lines of files came into them: what `git blame` tells line by line, for many files in one walk of a history.

Invariant: a function of the history from a commit on; whitespace at the ends of a line does not count, and a renamed
file is followed as git follows it.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from functools import lru_cache

from memcli.errors import Failure
from memcli.git.command import SMALL_WINDOWS, run_git
from memcli.git.objects import instant
from memcli.git.odb import Odb

MOST_VERSIONS = 1000
"""Versions of one file that are read; what is older has the date of the last of them."""
MOST_RENAMES = 4
MOST_PATHSPECS = 400
"""Paths that git filters by; with more of them a walk without a filter is faster."""
_LOG = (*SMALL_WINDOWS, "--literal-pathspecs", "log", "-z", "-c", "--root", "--raw", "--no-abbrev", "--no-renames",
        "--no-follow", "--no-color", "--no-show-signature", "--no-ext-diff", "--no-textconv",
        "--format=%x00%x00%H %at")  # fmt: skip
_RENAMES = ("diff-tree", "--stdin", "-r", "-z", "-M", "-l400", "--raw", "--no-abbrev", "--diff-filter=R")


@dataclass(frozen=True)
class FileVersion:
    """A file as a commit made it; `before`: its blobs in the parents of the commit, without those that had no file."""

    commit: str
    at: datetime
    blob: str
    before: tuple[str, ...]


def line_dates(
    odb: Odb, common_dir: str, commit: str, wanted: Mapping[str, Collection[str]]
) -> dict[str, dict[str, datetime]]:
    """{path: {line: the author's date of the commit that brought it}} for lines of files of a commit, without the
    whitespace around them. A line that no commit brought is left out. Raises Failure."""
    versions = file_versions(common_dir, commit, wanted)
    odb.prefetch({blob for path in versions.values() for each in path for blob in (each.blob, *each.before)})

    @lru_cache(maxsize=4)
    def lines_of(blob: str) -> frozenset[str]:
        return file_lines(odb.blob(blob))

    def dates(path: str) -> dict[str, datetime]:
        return dict(_dates(frozenset(wanted[path]), versions.get(path, []), lines_of))

    return {path: dates(path) for path in wanted}


def file_lines(data: bytes) -> frozenset[str]:
    """The lines of a file without the whitespace around them."""
    return frozenset(line.strip() for line in data.decode("utf-8", "replace").splitlines())


def _dates(
    lines: frozenset[str], versions: Iterable[FileVersion], lines_of: Callable[[str], frozenset[str]]
) -> Iterator[tuple[str, datetime]]:
    """Each line with the date of the newest version that has it while none before it has."""
    rest, last = set(lines), None
    for version in versions:
        if not rest:
            return
        own = rest & lines_of(version.blob)
        new = own.difference(*map(lines_of, version.before)) if own else own
        yield from ((line, version.at) for line in new)
        rest -= new
        last = (version.at, own - new)
    if last:
        yield from ((line, last[0]) for line in last[1])


def file_versions(common_dir: str, commit: str, paths: Collection[str]) -> dict[str, list[FileVersion]]:
    """{path: the versions of the file, newest first, at most `MOST_VERSIONS`}; a version of another name counts where
    the file was renamed. Raises Failure."""
    versions = _logged(common_dir, [commit], paths)
    names = {path: path for path in paths}
    for _ in range(MOST_RENAMES):
        added = {path: versions[path][-1] for path in names if versions.get(path) and not versions[path][-1].before}
        renames = _renames(common_dir, {version.commit for version in added.values()})
        moves = {path: move for path, version in added.items() if (move := renames.get((version.commit, names[path])))}
        if not moves:
            break
        names = {path: old for path, (old, _) in moves.items()}
        earlier = _logged(common_dir, [f"{added[path].commit}^" for path in moves], set(names.values()))
        for path, (old, blob) in moves.items():
            versions[path][-1] = replace(versions[path][-1], before=(blob,))
            versions[path] = [*versions[path], *earlier.get(old, ())][:MOST_VERSIONS]
    return versions


def _logged(common_dir: str, tips: Iterable[str], paths: Collection[str]) -> dict[str, list[FileVersion]]:
    filters = sorted(paths) if len(paths) <= MOST_PATHSPECS else []
    text = run_git(common_dir, *_LOG, *tips, "--", *filters) if paths else ""
    wanted, versions = frozenset(paths), defaultdict[str, list[FileVersion]](list)
    for path, version in _changes(text):
        if path in wanted and len(versions[path]) < MOST_VERSIONS:
            versions[path].append(version)
    return versions


def _changes(text: str) -> Iterator[tuple[str, FileVersion]]:
    """(path, version) of all changes but deletions, newest first; of merges, of what is not as in any parent."""
    commit, at = "", instant(0)
    tokens = iter(text.split("\0"))
    for token in tokens:
        entry = token.lstrip("\n")
        if entry.startswith(":"):
            before, blob, path = *_blobs(entry), next(tokens, "")
            if blob:
                yield path, FileVersion(commit, at, blob, before)
        elif head := re.fullmatch(r"([0-9a-f]{40,64}) (\d+)\n?", entry):
            commit, at = head[1], instant(head[2])


def _blobs(entry: str) -> tuple[tuple[str, ...], str]:
    """The blobs in the parents and the blob in the commit: `::<mode> <mode> <mode> <blob> <blob> <blob> MM`."""
    parents = len(entry) - len(entry.lstrip(":"))
    blobs = [blob if blob.strip("0") else "" for blob in entry.lstrip(":").split(" ")[parents + 1 : 2 * parents + 2]]
    return tuple(filter(None, blobs[:-1])), blobs[-1]


def _renames(common_dir: str, commits: Collection[str]) -> dict[tuple[str, str], tuple[str, str]]:
    """{(commit, new path): (old path, old blob)} of the files that commits renamed; none where a partial clone has not
    the files to compare."""
    if not commits:
        return {}
    renames, commit = dict[tuple[str, str], tuple[str, str]](), ""
    try:
        listed = run_git(common_dir, *_RENAMES, stdin="\n".join(sorted(commits)) + "\n")
    except Failure:
        return {}
    tokens = iter(listed.split("\0"))
    for token in tokens:
        if token.startswith(":"):
            old, new = next(tokens, ""), next(tokens, "")
            renames[commit, new] = old, token.split(" ")[2]
        else:
            commit = token.strip()
    return renames
