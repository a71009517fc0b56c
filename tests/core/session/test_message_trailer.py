"""The session's trailer in a commit message: git reads it, and everything else stays."""

from __future__ import annotations

import subprocess

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from memcli.core.session.message_trailer import with_session

LINES = st.sampled_from(
    [
        b"Fix it",
        b"",
        b"Signed-off-by: A <a@b>",
        b"# comment",
        b" indented",
        b"words: more",
        b"caf\xe9",
        b"a\r",
        b"http://x",
    ]
)
MESSAGES = st.lists(LINES, max_size=8).map(b"\n".join)


@given(MESSAGES)
def test_twice_is_once_and_what_was_there_stays(message: bytes) -> None:
    new = with_session(message, "fix")
    assert with_session(new, "fix") == new == with_session(new, "other")
    left = [line for line in new.split(b"\n") if line != b"Mem-Session: fix"]
    assert [line for line in left if line.strip()] == [line for line in message.split(b"\n") if line.strip()]


@given(MESSAGES.map(lambda rest: b"subject\n\n" + rest))
@settings(max_examples=40)
@example(b"subject\n\n indented\nhttp://x")
def test_git_finds_the_trailer(message: bytes) -> None:
    done = subprocess.run(
        ["git", "interpret-trailers", "--parse"], input=with_session(message, "fix"), capture_output=True, check=True
    )
    assert b"Mem-Session: fix" in done.stdout.split(b"\n")


@pytest.mark.parametrize("message", [b"", b"\n\n", b"# Please enter the message\n#\n", b"\n# comment"])
def test_a_message_without_words_stays_one(message: bytes) -> None:
    assert with_session(message, "fix") == message


@pytest.mark.parametrize(
    ("message", "expected"),
    [
        (b"one\n", b"one\n\nMem-Session: fix\n"),
        (b"one\n\nbody\n\n\n", b"one\n\nbody\n\nMem-Session: fix\n"),
        (b"one\n\nSigned-off-by: A\n", b"one\n\nSigned-off-by: A\nMem-Session: fix\n"),
        (b"fix: one\n", b"fix: one\n\nMem-Session: fix\n"),
        (b"one\n\n# comment\n", b"one\n\nMem-Session: fix\n\n# comment\n"),
        (b"#12 is fixed\n", b"#12 is fixed\n"),
    ],
)
def test_where_it_goes(message: bytes, expected: bytes) -> None:
    assert with_session(message, "fix") == expected
