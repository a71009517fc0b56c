"""What may be recorded of a text that is no memory: a query, a task, a reason, an id of a harness.

Nothing private is in it, and no secret: `[secret: GitHub token]` stands in its place, and the call goes on.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypeVar

from memcli.core.review.private import without_private
from memcli.core.review.secrets import find_secrets, without_secrets
from memcli.errors import Refused

_Value = TypeVar("_Value")


def recordable(text: str) -> str:
    """The text without its private parts, its secrets masked."""
    return without_secrets(without_private(text)[0])


def recordable_value(value: _Value) -> _Value:
    """The value with every text in it, at any depth, made recordable."""
    return _recordable(value)  # type: ignore[return-value]


def _recordable(part: object) -> object:
    if isinstance(part, str):
        return recordable(part)
    if isinstance(part, Mapping):
        return {_recordable(key): _recordable(inner) for key, inner in part.items()}
    if isinstance(part, list | tuple):
        return type(part)([_recordable(inner) for inner in part])
    return part


def refuse_secret(text: str, noun: str) -> None:
    """Raise Refused, without repeating it, where a name or key that is kept as it is holds a secret."""
    for secret in find_secrets(text)[:1]:
        raise Refused(f"secret: the {noun} holds a {secret.kind}", f"choose a {noun} without it; nothing was recorded")
