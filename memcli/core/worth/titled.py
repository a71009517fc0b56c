"""Whether the title of an extract says what it is."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cache

from memcli.core.worth.extract_facts import ExtractFacts


@cache
def titled(pattern: str) -> Callable[[ExtractFacts], bool]:
    """Whether one of the headings that a title is made of matches."""
    compiled = re.compile(rf"(?i)\W*(?:{pattern})\W*")
    return lambda subject: any(compiled.fullmatch(name) for name in subject.title.split(": "))
