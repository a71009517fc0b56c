"""Headings of reStructuredText: where they stand, whatever else the text holds."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from memcli.core.text.restructured_text import rst_headings, rst_plain

TEXT = """\
=====
Guide
=====

Words of an introduction.

.. include:: /etc/passwd

.. note::

    Not a title
    -----------

Testing ``tox``
---------------

Run it::

    Neither
    =======

Releasing
---------
A. step
~~~~~~~

.. raw:: html

    <b>
"""


def test_headings_have_their_levels_and_lines(capsys: pytest.CaptureFixture[str]) -> None:
    assert [tuple(heading) for heading in rst_headings(TEXT)] == [
        (1, "Guide", 1, 4),
        (2, "Testing tox", 14, 16),
        (2, "Releasing", 22, 24),
        (3, "A. step", 24, 26),
    ]
    assert capsys.readouterr() == ("", "")


def test_inline_markup_is_left_out_of_titles() -> None:
    assert (
        rst_plain(":ref:`The queue <queue>` and *its* ``jobs``, `docs <https://x>`__") == "The queue and its jobs, docs"
    )


@pytest.mark.parametrize(
    "text",
    [
        "- " * 5000 + "x",
        "a\n=\n" * 10_000,
        "=\n" * 20_000,
        ":a: b\n" * 10_000,
        "a\n  b\n" * 10_000,
        "*" * 500_000,
        "::\n\n" * 10_000,
        "=====  =====\na  b\n" * 20_000,
        "a\n==\n\nb\n--\n\nc\n==\n\nd\n~~\n\ne\n++\n\nf\n==\n",
        "\x0c\x1b\x07\0" * 1000,
    ],
    ids=lambda text: repr(text[:8]),
)
def test_hostile_text_takes_little_time_and_prints_nothing(text: str, capsys: pytest.CaptureFixture[str]) -> None:
    started = time.process_time()
    rst_headings(text)
    assert time.process_time() - started < 8
    assert capsys.readouterr() == ("", "")


def test_deep_lists_are_not_parsed() -> None:
    started = time.process_time()
    headings = rst_headings("Title\n=====\n\n" + ("- " * 500 + "x\n") * 30)
    assert [heading.title for heading in headings] == ["Title"]
    assert time.process_time() - started < 2


@given(st.lists(st.sampled_from(["===", "---", "Title", "  Title", ".. x::", "", "- a", "| b", "+--+", "\t"])))
def test_headings_are_lines_of_the_text(lines: list[str]) -> None:
    for heading in rst_headings("\n".join(lines)):
        assert 1 <= heading.line < heading.below <= len(lines) + 1
