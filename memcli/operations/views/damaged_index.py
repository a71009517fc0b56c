"""Reading goes on when the index breaks: by then a fresh one is in its place."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import ParamSpec, TypeVar

from memcli.index.storage.connection import IndexDamaged

_Arguments = ParamSpec("_Arguments")
_Result = TypeVar("_Result")


def retried_when_damaged(operation: Callable[_Arguments, _Result]) -> Callable[_Arguments, _Result]:
    """An operation that reads, run again once when the index turns out to be damaged."""

    @wraps(operation)
    def run(*arguments: _Arguments.args, **options: _Arguments.kwargs) -> _Result:
        try:
            return operation(*arguments, **options)
        except IndexDamaged:
            return operation(*arguments, **options)

    return run
