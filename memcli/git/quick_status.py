"""The status of code paths as far as one git process can tell: enough for most anchors without loading libgit2 (3 ms
against 60 ms).

It can tell of files that are as they were noted, and of paths that are gone without a trace: nothing with that content
is in the repository, and no commit is here at which they were seen. `anchor_status` tells of all others.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from memcli.git.anchor_status import PathQuery, PathStatus
from memcli.git.code_tree import is_pattern, tidy
from memcli.git.command import ask_git

_ID = re.compile(r"[0-9a-f]{7,40}")


def quick_statuses(git_dir: str, commit: str, queries: Sequence[PathQuery]) -> dict[PathQuery, PathStatus]:
    """The status of those paths that one process can tell of."""
    plain = [query for query in queries if not is_pattern(query.path) and "\n" not in query.path]
    names = [name for query in plain for name in _names(commit, query)]
    objects = _objects(git_dir, list(dict.fromkeys(names)))
    pairs = ((query, _status(query, [objects.get(name) for name in _names(commit, query)])) for query in plain)
    return {query: status for query, status in pairs if status}


def _names(commit: str, query: PathQuery) -> list[str]:
    """What to ask git for: the path at the commit, then whatever may tell what was there."""
    hints = (query.blob, query.confirmed, query.noted)
    return [f"{commit}:{tidy(query.path)}", *(hint for hint in hints if hint and _ID.fullmatch(hint))]


def _status(query: PathQuery, objects: Sequence[str | None]) -> PathStatus | None:
    present, *hints = objects
    if present and query.blob and present.startswith(query.blob):
        return PathStatus((query.blob,), present.split(" ")[0]) if present.endswith(" blob") else None
    is_gone = present == "" and all(hint == "" for hint in hints)
    count = sum(bool(hint) for hint in (query.blob, query.confirmed, query.noted))
    return PathStatus((query.blob,) if query.blob else (), None) if is_gone and count == len(hints) else None


def _objects(git_dir: str, names: Sequence[str]) -> Mapping[str, str]:
    """{name: `id type`, '' where there is no such object}; names that git finds ambiguous are left out."""
    if not names:
        return {}
    check = "--batch-check=%(objectname) %(objecttype)"
    lines = ask_git(git_dir, "cat-file", check, stdin="".join(f"{name}\n" for name in names)).splitlines()
    if len(lines) != len(names):
        return {}
    pairs = zip(names, lines, strict=True)
    return {name: "" if line == f"{name} missing" else line for name, line in pairs if not line.endswith(" ambiguous")}
