"""Paths as a person typed them."""

from __future__ import annotations

from pathlib import Path


def typed_path(text: str, directory: Path) -> Path:
    """The path that a text names from a directory; `~` is the home of a user, unless there is no such user."""
    try:
        return directory / Path(text).expanduser()
    except RuntimeError:
        return directory / text
