"""Titles that follow their bodies: one that is what the body's first heading or sentence gives changes with the body.

A title that an author chose stays; `claims_gone` tells what of it the body no longer says.
"""

from __future__ import annotations

from memcli.core.memory.document import Document
from memcli.core.text.prose import first_title


def is_derived(document: Document) -> bool:
    """Whether the title is what the body gives, or missing."""
    title = document.get("title")
    return not title or title == first_title(document.body)


def with_followed_title(before: Document, after: Document) -> Document:
    """`after` with the title of its body, where the title was that of the body `before` and nobody chose another."""
    if not after.get("title") or (after.get("title") == before.get("title") and is_derived(before)):
        return with_derived_title(after)
    return after


def with_derived_title(document: Document) -> Document:
    """The document with the title that its body gives, if it gives one."""
    return document.with_values({"title": first_title(document.body) or document.get("title")})


def claims_gone(title: str, before: str, after: str) -> tuple[str, ...]:
    """The numbers, dates and names in a title that stood in the body `before` and no longer do in `after`, sorted."""
    from memcli.core.text.claims import claims_in

    claims = [vars(claims_in(text)) for text in (title, before, after)]
    gone = (
        (stated[kind] & old[kind]) - new[kind]
        for kind in ("numbers", "dates", "names")
        for stated, old, new in [claims]
    )
    return tuple(sorted(claim for kind in gone for claim in kind))
