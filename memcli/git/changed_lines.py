"""The lines that a commit added and removed, file by file, as `git show` has them: renames are followed, and of a merge
only what no parent had counts.

Contract: the user's configuration of diffs does not matter. Large files and all but the first files of a large commit
are left out, and the result says so.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from memcli.git.objects import readable
from memcli.git.odb import Odb

MOST_FILES, LARGEST = 400, 2 << 20
"""Files of a commit that are read, and bytes of a file."""
_NO_BLOB, _SUBMODULE = "0" * 40, 0o160000


@dataclass(frozen=True)
class ChangedFile:
    """A file of a commit: {number in the file: line} of what was added, what was removed, its name before where that
    was another one, and its blob where no lines can be told."""

    path: str
    old_path: str
    added: dict[int, bytes]
    removed: tuple[bytes, ...]
    blob: str = ""


@dataclass(frozen=True)
class CommitChange:
    """What a commit changed, by path; `is_whole`: nothing was left out."""

    commit: str
    authored: int
    files: dict[str, ChangedFile]
    is_whole: bool


def changed_lines(odb: Odb, commit_id: str, most_files: int = MOST_FILES) -> CommitChange:
    """What a commit changed compared with its parents. Raises Failure."""
    with readable():
        commit: Any = odb.repository[commit_id]
        sides = [_side(commit.tree, parent) for parent in commit.parents or [None]]
        if len(sides) > 1:
            return _of_merge(odb, commit, sides)
        is_whole = len(sides[0]) <= most_files
        if is_whole:
            sides[0].find_similar(rename_limit=most_files)
        files, is_read = _files(odb, sides[0], list(range(min(len(sides[0]), most_files))))
        return CommitChange(commit_id, commit.author.time, files, is_whole and is_read)


def _of_merge(odb: Odb, commit: Any, sides: list[Any]) -> CommitChange:
    """What a merge has made of the files that it took from no parent as they were."""
    numbers = [{delta.new_file.raw_path: number for number, delta in enumerate(side.deltas)} for side in sides]
    paths = sorted(set.intersection(*map(set, numbers)))[:MOST_FILES]
    read = [_files(odb, side, [of[path] for path in paths]) for side, of in zip(sides, numbers, strict=True)]
    (files, _), *others = read
    for other, _ in others:
        files = {path: _common(file, other[path]) for path, file in files.items() if path in other}
    files = {path: file for path, file in files.items() if file.added}
    return CommitChange(str(commit.id), commit.author.time, files, all(is_whole for _, is_whole in read))


def _side(tree: Any, parent: Any) -> Any:
    """The difference of a tree from a parent's, or from nothing."""
    from pygit2.enums import DiffOption

    flags = DiffOption.INDENT_HEURISTIC  # as git does: a block that could lie higher or lower lies where blame has it
    if parent is None:
        return tree.diff_to_tree(flags=flags, context_lines=0, swap=True)
    return parent.tree.diff_to_tree(tree, flags=flags, context_lines=0)


def _files(odb: Odb, diff: Any, numbers: list[int]) -> tuple[dict[str, ChangedFile], bool]:
    """({path: file}, whether all of them could be read) of some files of a difference."""
    deltas = list(diff.deltas)
    chosen = [deltas[number] for number in numbers]
    odb.prefetch({str(side.id) for delta in chosen for side in (delta.old_file, delta.new_file)} - {_NO_BLOB})
    small = [number for number in numbers if _is_small(odb, deltas[number])]
    files = (_changed_file(patch) for number in small if (patch := diff[number]) is not None)
    return {file.path: file for file in files}, len(small) == len(numbers)


def _is_small(odb: Odb, delta: Any) -> bool:
    blobs = [str(side.id) for side in (delta.old_file, delta.new_file) if side.mode != _SUBMODULE]
    return all(blob == _NO_BLOB or odb.size(blob) <= LARGEST for blob in blobs)


def _changed_file(patch: Any) -> ChangedFile:
    delta = patch.delta
    path, old_path = (side.raw_path.decode("utf-8", "surrogateescape") for side in (delta.new_file, delta.old_file))
    lines = list(_lines(patch))
    added = {number: text for sign, number, text in lines if sign == "+"}
    removed = tuple(text for sign, _, text in lines if sign == "-")
    return ChangedFile(path, old_path, added, removed, "" if lines else f"{delta.new_file.id} {delta.new_file.mode}")


def _lines(patch: Any) -> Iterator[tuple[str, int, bytes]]:
    for hunk in patch.hunks:
        for line in hunk.lines:
            yield line.origin, line.new_lineno, line.raw_content


def _common(file: ChangedFile, other: ChangedFile) -> ChangedFile:
    """The lines of a file that are new compared with both parents."""
    added = {number: text for number, text in file.added.items() if number in other.added}
    return ChangedFile(file.path, file.old_path, added, ())
