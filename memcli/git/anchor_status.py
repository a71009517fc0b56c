"""The status of code paths at a commit: what was at each when it was noted, what is there now, and where it went."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from memcli.errors import MemError
from memcli.git.code_tree import NO_FILE, Code, is_pattern, tidy
from memcli.git.renames import Places, follow, follow_directory, same_content


class PathQuery(NamedTuple):
    """A path, the blob that was noted there (8 to 40 hex), the commit at which it was last confirmed, and the one at
    which it was noted, which counts only where no blob was."""

    path: str
    blob: str | None = None
    confirmed: str | None = None
    noted: str | None = None


class PathStatus(NamedTuple):
    """`earlier`: what was there, as `Code.identity` names it, () where that is not known; `present`: what is there,
    None where it is gone; `moved_to`, `moved`: where it went and what is there."""

    earlier: tuple[str, ...]
    present: str | None
    moved_to: str | None = None
    moved: str | None = None


@dataclass(frozen=True)
class _Look:
    """A query, the code in which something was at its path, whether that is the confirmed one, and what is there."""

    query: PathQuery
    then: Code | None
    is_confirmed: bool
    present: str | None

    @property
    def earlier(self) -> tuple[str, ...]:
        blob = None if is_pattern(self.query.path) else self.query.blob
        counts = self.then is not None and (self.is_confirmed or not blob)
        identities = (_identity(self.then, self.query.path) if self.then and counts else None, blob)
        return tuple(dict.fromkeys(identity for identity in identities if identity))


def path_statuses(code: Code, queries: Sequence[PathQuery]) -> list[PathStatus]:
    """The status of each path in the code of a commit. An earlier commit that is not here, as in a shallow clone, tells
    nothing."""
    commits = dict.fromkeys(commit for query in queries for commit in (query.confirmed, query.noted) if commit)
    thens = {commit: then for commit in commits if (then := _code_at(code, commit))}
    seen = [_look(query, thens, code) for query in queries]
    moves = _moves(code, [look for look in seen if look.present is None and not is_pattern(look.query.path)])
    return [PathStatus(look.earlier, look.present, *moves.get(look, (None, None))) for look in seen]


def _code_at(code: Code, commit: str) -> Code | None:
    try:
        return code.at(commit)
    except MemError:
        return None  # its trees are only promised, and cannot be fetched


def _identity(then: Code, path: str) -> str | None:
    try:
        return then.identity(path)
    except MemError:
        return None


def _look(query: PathQuery, thens: Mapping[str, Code], code: Code) -> _Look:
    commits = () if is_pattern(query.path) else (query.confirmed, query.noted)
    candidates = ((commit, thens[commit]) for commit in commits if commit and commit in thens)
    commit, then = next(((commit, then) for commit, then in candidates if _identity(then, query.path)), (None, None))
    return _Look(query, then, commit is not None and commit == query.confirmed, code.identity(query.path))


def _moves(code: Code, gone: Sequence[_Look]) -> dict[_Look, tuple[str, str]]:
    """Where what is gone went; trees are compared once for each commit at which something was seen last."""
    moves: dict[_Look, tuple[str, str]] = {}
    for then in dict.fromkeys(look.then for look in gone):
        group = [look for look in gone if look.then is then]
        places = _followed(then, code, {tidy(look.query.path) for look in group}) if then else {}
        for look in group:
            place = places.get(tidy(look.query.path)) if then else _copy(code, look.query)
            if place:
                moves[look] = place
    return moves


def _copy(code: Code, query: PathQuery) -> tuple[str, str] | None:
    """A file with the blob that is all that is known of the path."""
    return same_content(code.files, tidy(query.path), query.blob) if query.blob else None


def _followed(then: Code, code: Code, paths: Collection[str]) -> Places:
    """{path: (new path, what is there)} of files and directories."""
    directories = [path for path in paths if _identity(then, path) == NO_FILE]
    try:
        places = follow(code.odb, then.tree, code.tree, sorted(set(paths).difference(directories)))
        for path in directories:
            if new_path := follow_directory(code.odb, then.tree, code.tree, path):
                places[path] = (new_path, NO_FILE)
        return places
    except MemError:
        return {}  # objects of a partial clone that cannot be fetched: the path counts as gone
