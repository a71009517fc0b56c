"""The user's git identity, for commits and reflogs."""

from __future__ import annotations

from datetime import datetime

from memcli.git.objects import Person
from memcli.git.odb import Odb


def committer(odb: Odb, name: str, email: str, at: datetime) -> Person:
    """The name and address given, else those that git is configured with; `mem` where there are none, so that no write
    fails for lack of them."""
    name, email = name or odb.setting("user.name"), email or odb.setting("user.email")
    return Person(_without_marks(name) or "mem", _without_marks(email) or "mem@localhost", at)


def _without_marks(text: str) -> str:
    """A name or address without what git leaves out of commits, where it would end the field."""
    return "".join(" " if letter < " " else letter for letter in text if letter not in "<>").strip(" .,:;\"\\'")
