"""What a caller's text names among the commits: a ref, or an id in hex, whole or its first four characters or more.

Contract: the text is data. No expression of git's (`HEAD~2`, `@{u}`, `:/words`) is ever evaluated, and no file outside
the refs is read; what is no name of a commit names nothing.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from memcli.git.layout import Layout
from memcli.git.ref_files import read_ref
from memcli.git.refs import is_valid

if TYPE_CHECKING:
    from memcli.git.odb import Odb

_PLACES = ("refs/{}", "refs/tags/{}", "refs/heads/{}", "refs/remotes/{}", "refs/remotes/{}/HEAD")


def commits_named(odb: Odb, layout: Layout, text: str) -> list[str]:
    """The commits meant: one, none, or several where a shortened id is not enough. A ref goes before a shortened id."""
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
