"""Derived titles follow their bodies, chosen ones stay."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from memcli.core.memory.document import Document, new_document
from memcli.core.memory.titles import claims_gone, is_derived, with_followed_title
from memcli.core.text.prose import first_title

BODIES = st.text(min_size=1, max_size=200).filter(lambda text: bool(first_title(text)))


def memory(title: str | None, body: str) -> Document:
    return new_document({"title": title, "created": "2026-11-20T09:30:00Z"}, body)


@pytest.mark.parametrize(
    ("title", "body"),
    [
        ("Uploads are limited to 64 MB", "Uploads are limited to 64 MB. Ask Ann."),
        ("Limits", "# Limits\n\nUploads are limited."),
        (None, "Uploads."),
        ("word " * 23 + "word…", "word " * 200),
    ],
)
def test_a_derived_title_follows_its_body(title: str | None, body: str) -> None:
    before = memory(title, body)
    assert is_derived(before)
    after = with_followed_title(before, before.with_body("## Quotas\n\nUploads are limited to 128 MB.\n"))
    assert after.get("title") == "Quotas"


def test_a_title_that_an_author_chose_stays() -> None:
    before = memory("Upload quota", "Uploads are limited to 64 MB.\n")
    assert with_followed_title(before, before.with_body("Other.\n")).get("title") == "Upload quota"
    derived = memory("Uploads", "Uploads.\n")
    chosen = derived.with_body("Other.\n").with_values({"title": "Mine"})
    assert with_followed_title(derived, chosen).get("title") == "Mine"


@given(BODIES, BODIES)
def test_a_derived_title_is_that_of_the_body_after_any_edit(body: str, other: str) -> None:
    before = memory(first_title(body), "x\n").with_body(body)
    after = with_followed_title(before, before.with_body(other))
    assert after.get("title") == first_title(other) and is_derived(after)
    assert with_followed_title(after, after) == after


def test_claims_of_a_title_that_the_body_no_longer_makes() -> None:
    title = "Uploads to `S3` are limited to 64 MB since 2026-11-20"
    body = "Uploads to `S3` stop at 64 MB since 2026-11-20."
    assert claims_gone(title, body, body) == ()
    assert claims_gone(title, body, "Uploads to `GCS` stop at 128 MB.") == ("2026-11-20", "64", "s3")
    assert claims_gone("Team of 7", "Uploads.", "Downloads.") == (), "it never stood in the body"
