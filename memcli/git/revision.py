"""What a caller's text names among the commits: a ref, or an id in hex, whole or its first four characters or more;
`~N` and `^` behind it go along first parents.

Contract: the text is data. It never reaches git's or libgit2's parser of revisions (`@{u}`, `:/words`, `^{tree}`),
and no file outside the refs is read; what is no name of a commit names nothing.
"""

from __future__ import annotations

import re
from itertools import islice
from typing import TYPE_CHECKING

from memcli.errors import NotFound, Usage
from memcli.git.layout import Layout
from memcli.git.ref_files import read_ref
from memcli.git.refs import is_valid

if TYPE_CHECKING:
    from memcli.git.odb import Odb

NAMED_BY = "a commit's id, a branch or a tag, also with '~N' or '^'"
_PLACES = ("refs/{}", "refs/tags/{}", "refs/heads/{}", "refs/remotes/{}", "refs/remotes/{}/HEAD")
_SUFFIX = re.compile(r"(?:~[0-9]{0,4}|\^){1,9}\Z")
"""Steps along first parents: `~N` (N of them) and `^` (one)."""


def resolve_commit(odb: Odb, layout: Layout, text: str) -> str:
    """The id of the one commit that a text names. Raises NotFound, Usage where it stands for several."""
    commits = commits_named(odb, layout, text)
    if len(commits) > 1:
        raise Usage(f"{text[:60]!r} stands for {len(commits)} commits", "use more characters of the id")
    if not commits:
        raise NotFound(f"{text[:60]!r} is not a commit here", f"give {NAMED_BY}")
    return commits[0]


def commits_named(odb: Odb, layout: Layout, text: str) -> list[str]:
    """The commits meant: one, none, or several where a shortened id is not enough."""
    suffix = _SUFFIX.search(text)
    steps = suffix[0] if suffix else ""
    commits = _starts(odb, layout, text.removesuffix(steps))
    back = sum(int(step[1:] or 1) for step in re.findall(r"~[0-9]*|\^", steps))
    if not back or len(commits) != 1:
        return commits
    return [commit.id for commit in islice(odb.first_parents(commits[0]), back, back + 1)]


def _starts(odb: Odb, layout: Layout, text: str) -> list[str]:
    """The commits that a ref or an id names; a ref goes before a shortened id."""
    is_id = re.fullmatch(r"[0-9a-fA-F]{4,40}", text) is not None
    target = None if is_id and len(text) == 40 else _ref(layout, text)
    if target:
        return odb.commits_from(target)
    return odb.commits_from(text.lower()) if is_id else []


def _ref(layout: Layout, text: str) -> str | None:
    """What a ref of that name points to, looked for where git looks."""
    if not text.isprintable() or len(text) > 250:
        return None  # also bytes that are no text
    names = [text] if text == "HEAD" or text.startswith("refs/") else []
    names += [place.format(text) for place in _PLACES]
    targets = (read_ref(layout, name) for name in names if is_valid(name))
    return next((target for target in targets if target and re.fullmatch(r"[0-9a-f]{40}", target)), None)
