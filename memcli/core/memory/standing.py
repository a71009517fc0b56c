"""The standing of a decision: whether it is decided, only proposed, or of a status that nobody here can read.

Bootstrap and authors say it by a tag; what is shown of a memory says it in words, so that no proposal passes for a
decision.
"""

from __future__ import annotations

from collections.abc import Collection

PROPOSED, UNCLEAR = "proposed", "unclear"
"""Tags of a decision that is not decided, or whose status is an unknown word."""
UNDECIDED_WEIGHT = 0.5
"""What a hit's score is multiplied by where it is not decided: below a decision that matches as well."""


def standing_of(type_: str, tags: Collection[str]) -> str | None:
    """`proposed` or `unclear` for a decision with that tag, None for everything else."""
    if type_ != "decision":
        return None
    return next((standing for standing in (PROPOSED, UNCLEAR) if standing in tags), None)


def type_with_standing(type_: str, standing: str | None) -> str:
    """How a memory's type is written: `decision`, `proposed decision`, `decision of unclear status`."""
    if standing == UNCLEAR:
        return f"{type_} of unclear status"
    return f"{standing} {type_}" if standing else type_
