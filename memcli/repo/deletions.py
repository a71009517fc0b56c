"""What the history of a branch has deleted. What it never had is not gone: it may be on its way, on another branch."""

from __future__ import annotations

from collections.abc import Collection

from memcli.repo.asking import Told, log
from memcli.repo.layout import Layout

MOST = 1_000


def deleted(layout: Layout, commit: str, paths: Collection[str]) -> dict[str, Told]:
    """{path: the newest commit that deleted it, or anything below it} of those that the history of `commit` once had;
    nothing where git cannot tell in time, as of a history that is only promised."""
    options = ("--full-history", "--diff-filter=D", "--name-only")
    commits = log(layout.common_dir, [commit], MOST, *options, paths=sorted(paths)) if paths else []
    found: dict[str, Told] = {}
    for told in commits:
        for path in paths:
            if path not in found and any(file == path or file.startswith(f"{path}/") for file in told.files):
                found[path] = told
    return found
