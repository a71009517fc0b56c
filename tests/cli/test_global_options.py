"""The global options as `cli.main` skips them, without importing Typer, are those of `cli.options`."""

from __future__ import annotations

from memcli.cli.main import WITH_VALUE
from memcli.cli.options import global_options


def test_main_knows_the_global_options_that_take_a_value() -> None:
    assert set(WITH_VALUE) == {name for option in global_options() if not option.is_flag for name in option.opts}
