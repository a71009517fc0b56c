"""What one git process tells of code paths: enough for most anchors, and libgit2 need not be loaded (3 ms against 60).

Told are files that are as somebody noted them, and those that are gone without a trace: nothing with that content is in
the repository, and no commit is here at which they were seen. All else is for `traces`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from memcli.git.anchor_status import Asked, Trace
from memcli.git.code_tree import is_glob, tidy
from memcli.git.command import ask_git

_ID = re.compile(r"[0-9a-f]{7,40}")


def glances(git_dir: str, commit: str, asked: Sequence[Asked]) -> dict[Asked, Trace]:
    """What is plain at first sight, of those that can be."""
    plain = [one for one in asked if not is_glob(one.path) and "\n" not in one.path]
    names = [name for one in plain for name in _names(commit, one)]
    told = _objects(git_dir, list(dict.fromkeys(names)))
    seen = ((one, _glance(one, [told.get(name) for name in _names(commit, one)])) for one in plain)
    return {one: trace for one, trace in seen if trace}


def _names(commit: str, one: Asked) -> list[str]:
    """What to ask git for: the path at the commit, then whatever may tell how it was."""
    hints = (one.blob, one.confirmed, one.noted)
    return [f"{commit}:{tidy(one.path)}", *(hint for hint in hints if hint and _ID.fullmatch(hint))]


def _glance(one: Asked, told: Sequence[str | None]) -> Trace | None:
    present, *hints = told
    if present and one.blob and present.startswith(f"{one.blob}"):
        return Trace((one.blob,), present.split(" ")[0]) if present.endswith(" blob") else None
    nothing = present == "" and all(hint == "" for hint in hints)
    known = sum(bool(hint) for hint in (one.blob, one.confirmed, one.noted))
    return Trace((one.blob,) if one.blob else (), None) if nothing and known == len(hints) else None


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
