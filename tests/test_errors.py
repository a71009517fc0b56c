"""Every error has an exit code that the table documents."""

from __future__ import annotations

from memcli.errors import EXIT_CODES, MemError


def test_exit_codes_are_in_the_table_and_mean_one_thing() -> None:
    codes = [error.exit_code for error in MemError.__subclasses__() if error.__module__ == "memcli.errors"]
    assert set(codes) <= EXIT_CODES.keys() and len(set(codes)) == len(codes)
