"""Drift: which changes of a file may concern a memory."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from memcli.core.text.drift import describe_drift

OLD = "RETRIES = 7\nTIMEOUT = 30\n\ndef retry_later(delivery):\n    queue.put(delivery)\n"
TEXT = "`retry_later` tries RETRIES times."


@pytest.mark.parametrize(
    ("text", "before", "after", "expected"),
    [
        (TEXT, OLD, OLD + "# more\n", ""),
        (TEXT, OLD, OLD.replace("queue", "line"), ""),
        (TEXT, OLD, OLD.replace("RETRIES", "TRIES"), "a.py no longer has RETRIES"),
        ("Tries `queue` first.", OLD, OLD.replace("queue", "line"), "a.py no longer has queue"),
        ("See src/queue.py.", OLD, OLD.replace("queue", "line"), ""),
        (TEXT, OLD, OLD.replace("def retry_later", "self.retry_later"), ""),
        (TEXT, OLD, OLD.replace("retry_later", "again"), "a.py no longer has retry_later"),
        ("At most 7 times.", OLD, OLD.replace("7", "9"), "a.py no longer has 7"),
        ("At most 8 times.", OLD, OLD.replace("7", "9"), ""),
        ("Deliveries are kept.", OLD, "import other\n\nother.run()\n", "a.py was mostly rewritten"),
        ("Deliveries are kept.", "", OLD, ""),
        (TEXT, "\0\1\2", OLD, "a.py has changed"),
        (TEXT, OLD, OLD + "\0", "a.py has changed"),
    ],
)
def test_changes_that_concern_a_memory(text: str, before: str, after: str, expected: str) -> None:
    assert describe_drift("a.py", text, before.encode(), after.encode()) == expected


@given(st.text(), st.binary())
def test_a_file_that_only_grows_has_not_drifted(text: str, more: bytes) -> None:
    after = OLD.encode() + more.replace(b"\0", b"")
    assert describe_drift("a.py", text, OLD.encode(), after) == ""
