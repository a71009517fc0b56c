"""`.mem/`, the one directory in the user's tree that is ours. Imports only `os`: hooks that only record use it."""

from __future__ import annotations

import os

from memcli.git.layout import Layout
from memcli.system.file_modes import make_directory


def make_tree_dir(layout: Layout) -> str:
    """The directory, made where it is missing, with a `.gitignore` that hides it from `git status`. Raises OSError."""
    make_directory(layout.tree_dir)
    ignore = os.path.join(layout.tree_dir, ".gitignore")
    if not os.path.exists(ignore):
        with open(ignore, "w", encoding="ascii") as stream:
            stream.write("*\n")
    return layout.tree_dir
