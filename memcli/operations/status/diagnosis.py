"""The result of one check of `mem doctor`."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Diagnosis:
    """The result of one check; `next`: what to do where it failed."""

    name: str
    ok: bool
    message: str
    next: str = ""
