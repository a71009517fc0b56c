"""What a read does when the index turns out to be damaged: it runs again, on the fresh index in its place."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import ParamSpec, TypeVar

from memcli.index.storage.connection import IndexDamaged

_Arguments = ParamSpec("_Arguments")
_Result = TypeVar("_Result")


def retry_when_damaged(operation: Callable[_Arguments, _Result]) -> Callable[_Arguments, _Result]:
    """An operation that reads, run again once when the index turns out to be damaged."""

    @wraps(operation)
    def run(*arguments: _Arguments.args, **options: _Arguments.kwargs) -> _Result:
        try:
            return operation(*arguments, **options)
        except IndexDamaged:
            return operation(*arguments, **options)

    return run
