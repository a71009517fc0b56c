"""What became of code paths: what was at each when somebody looked at it, what is there now, and where it went."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from memcli.errors import MemError
from memcli.git.code_tree import NO_FILE, Code, is_glob, tidy
from memcli.git.renames import Places, follow, follow_directory, same_content


class Asked(NamedTuple):
    """A path, the blob that somebody noted there (8 to 40 hex), the commit at which it was last confirmed, and the one
    at which it was noted, which tells only where nobody noted a blob."""

    path: str
    blob: str | None = None
    confirmed: str | None = None
    noted: str | None = None


class Trace(NamedTuple):
    """`earlier`: what was there, as `Code.identity` names it, () where that is not known; `present`: what is there,
    None where it is gone; `moved_to`, `moved`: where it went and what is there."""

    earlier: tuple[str, ...]
    present: str | None
    moved_to: str | None = None
    moved: str | None = None


@dataclass(frozen=True)
class _Look:
    """What was asked, the code in which something was at its path, whether that is the confirmed one, and what is there
    now."""

    asked: Asked
    then: Code | None
    is_confirmed: bool
    present: str | None

    @property
    def earlier(self) -> tuple[str, ...]:
        blob = None if is_glob(self.asked.path) else self.asked.blob
        tells = self.then is not None and (self.is_confirmed or not blob)
        seen = (_identity(self.then, self.asked.path) if self.then and tells else None, blob)
        return tuple(dict.fromkeys(identity for identity in seen if identity))


def traces(code: Code, asked: Sequence[Asked]) -> list[Trace]:
    """What became of each path at a commit; what is not here any more (a shallow clone's past) is not known."""
    commits = dict.fromkeys(commit for one in asked for commit in (one.confirmed, one.noted) if commit)
    thens = {commit: then for commit in commits if (then := _at(code, commit))}
    looks = [_look(one, thens, code) for one in asked]
    moves = _moves(code, [look for look in looks if look.present is None and not is_glob(look.asked.path)])
    return [Trace(look.earlier, look.present, *moves.get(look, (None, None))) for look in looks]


def _at(code: Code, commit: str) -> Code | None:
    try:
        return code.at(commit)
    except MemError:
        return None  # its trees are only promised, and nobody is there to fetch them from


def _identity(then: Code, path: str) -> str | None:
    try:
        return then.identity(path)
    except MemError:
        return None


def _look(one: Asked, thens: Mapping[str, Code], code: Code) -> _Look:
    commits = () if is_glob(one.path) else (one.confirmed, one.noted)
    found = ((name, thens[name]) for name in commits if name and name in thens)
    name, then = next(((name, then) for name, then in found if _identity(then, one.path)), (None, None))
    return _Look(one, then, name is not None and name == one.confirmed, code.identity(one.path))


def _moves(code: Code, lost: Sequence[_Look]) -> dict[_Look, tuple[str, str]]:
    """Where what is gone went; git is asked once for each commit at which something was seen last."""
    found: dict[_Look, tuple[str, str]] = {}
    for then in dict.fromkeys(look.then for look in lost):
        group = [look for look in lost if look.then is then]
        places = _followed(then, code, {tidy(look.asked.path) for look in group}) if then else {}
        for look in group:
            place = places.get(tidy(look.asked.path)) if then else _copy(code, look.asked)
            if place:
                found[look] = place
    return found


def _copy(code: Code, asked: Asked) -> tuple[str, str] | None:
    """A file with the blob that is all that is known of the path."""
    return same_content(code.files, tidy(asked.path), asked.blob) if asked.blob else None


def _followed(then: Code, code: Code, paths: Collection[str]) -> Places:
    """{path: (new path, what is there)} of files and directories."""
    directories = [path for path in paths if _identity(then, path) == NO_FILE]
    try:
        places = follow(code.odb, then.tree, code.tree, sorted(set(paths).difference(directories)))
        for path in directories:
            if went := follow_directory(code.odb, then.tree, code.tree, path):
                places[path] = (went, NO_FILE)
        return places
    except MemError:
        return {}  # objects of a partial clone that cannot be fetched now: gone is what can be said
