"""What the branch that is checked out has done since it left the default branch, within bounds.

The default branch is `origin/HEAD`'s, else the one said (git config `mem.codeBranch`), else `main` or `master`. Branch
names come from plain files; commits and changed files from libgit2. On the default branch itself, or where there is
none, the last few commits stand for its work. Only committed work counts.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING

from memcli.errors import MemError
from memcli.repo.layout import Layout, current_branch, read_ref
from memcli.repo.objects import readable

if TYPE_CHECKING:
    from memcli.repo.objects import Commit
    from memcli.repo.odb import Odb

LAST, MOST_COMMITS, MOST_FILES = 5, 50, 100
_ORIGIN = "refs/remotes/origin/"


@dataclass(frozen=True)
class Work:
    """`branch` is empty where HEAD is detached, `base` on the default branch; the newest subject comes first."""

    branch: str = ""
    base: str = ""
    commits: int = 0
    subjects: tuple[str, ...] = ()
    files: tuple[str, ...] = ()


def default_branch(layout: Layout, said: str = "") -> tuple[str, str] | None:
    """(name, commit) of the code's default branch; None where there is none."""
    origin = _origin_head(layout)
    names = [f"{_ORIGIN}{origin}"] if origin else []
    for name in filter(None, (said, "main", "master")):
        names += [name] if name.startswith("refs/") else [f"refs/heads/{name}", f"{_ORIGIN}{name}"]
    for ref in names:
        if commit := read_ref(layout, ref):
            return ref.removeprefix(_ORIGIN).removeprefix("refs/heads/"), commit
    return None


def _origin_head(layout: Layout) -> str:
    try:
        text = (layout.common_dir / f"{_ORIGIN}HEAD").read_text(encoding="utf-8").strip()
    except (OSError, ValueError):
        return ""
    return text.removeprefix(f"ref: {_ORIGIN}") if text.startswith(f"ref: {_ORIGIN}") else ""


def work(layout: Layout, odb: Odb, said: str = "") -> Work:
    """The work of what is checked out; less of it, down to the branch's name, where objects cannot be read.

    `said` names the default branch where `origin` names none.
    """
    head, branch = read_ref(layout, "HEAD"), current_branch(layout) or ""
    if head is None:
        return Work(branch)
    try:
        default = default_branch(layout, said)
        base = odb.merge_base(default[1], head) if default and default[0] != branch else None
        return _since(odb, branch, head, base, default[0] if default and base else "")
    except (MemError, ValueError):
        return Work(branch)  # a shallow or damaged history


def _since(odb: Odb, branch: str, head: str, base: str | None, name: str) -> Work:
    commits = list(islice(_commits(odb, head, base), MOST_COMMITS if base else LAST))
    below = base or (commits[-1].parents or (commits[-1].id,))[0]
    said = [one.message.strip().partition("\n")[0] for one in commits if len(one.parents) < 2]
    files = tuple(islice(_changed(odb, below, head), MOST_FILES))
    return Work(branch, name, len(commits) if base else 0, tuple(filter(None, said)), files)


def _commits(odb: Odb, head: str, base: str | None) -> Iterator[Commit]:
    """The commits that `head` has and `base` has not, newest first; without a base along first parents."""
    if base is None:
        yield from odb.first_parents(head)
        return
    with readable():
        walk = odb.repository.walk(head)
        walk.hide(base)
        found = [str(one.id) for one in islice(walk, MOST_COMMITS)]
    yield from map(odb.commit, found)


def _changed(odb: Odb, old: str, new: str) -> Iterator[str]:
    """The paths that differ between two commits, by path."""
    with readable():
        trees = [odb.repository[odb.commit(commit).tree] for commit in (old, new)]
        for delta in odb.repository.diff(*trees).deltas:  # type: ignore[call-overload]
            yield delta.new_file.raw_path.decode("utf-8", "replace")
