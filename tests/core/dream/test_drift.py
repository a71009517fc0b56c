"""Drift: what of a changed file may concern a memory."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from memcli.core.dream.drift import drift

OLD = "RETRIES = 7\nTIMEOUT = 30\n\ndef retry_later(delivery):\n    queue.put(delivery)\n"
SAID = "`retry_later` tries RETRIES times."


@pytest.mark.parametrize(
    ("said", "before", "after", "told"),
    [
        (SAID, OLD, OLD + "# more\n", ""),
        (SAID, OLD, OLD.replace("queue", "line"), ""),
        (SAID, OLD, OLD.replace("RETRIES", "TRIES"), "a.py no longer has RETRIES"),
        ("Tries `queue` first.", OLD, OLD.replace("queue", "line"), "a.py no longer has queue"),
        ("See src/queue.py.", OLD, OLD.replace("queue", "line"), ""),
        (SAID, OLD, OLD.replace("def retry_later", "self.retry_later"), ""),
        (SAID, OLD, OLD.replace("retry_later", "again"), "a.py no longer has retry_later"),
        ("At most 7 times.", OLD, OLD.replace("7", "9"), "a.py no longer has 7"),
        ("At most 8 times.", OLD, OLD.replace("7", "9"), ""),
        ("Deliveries are kept.", OLD, "import other\n\nother.run()\n", "a.py was mostly rewritten"),
        ("Deliveries are kept.", "", OLD, ""),
        (SAID, "\0\1\2", OLD, "a.py has changed"),
        (SAID, OLD, OLD + "\0", "a.py has changed"),
    ],
)
def test_what_is_told(said: str, before: str, after: str, told: str) -> None:
    assert drift("a.py", said, before.encode(), after.encode()) == told


@given(st.text(), st.binary())
def test_what_only_grows_has_not_drifted(said: str, more: bytes) -> None:
    after = OLD.encode() + more.replace(b"\0", b"")
    assert drift("a.py", said, OLD.encode(), after) == ""
