"""Ids of other memories among the values that an author gives: a part of an id becomes the whole."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from memcli.core.memory.document import Value
from memcli.core.memory.identity import refuse_short_id

if TYPE_CHECKING:
    from memcli.operations.views.reader import Reader

_LISTS_OF_IDS = ("based_on", "supersedes")


def with_full_ids(values: Mapping[str, Value], open_reader: Callable[[], Reader]) -> Mapping[str, Value]:
    """The values with whole ids for the parts of ids that they give; most give none, and need no reader.

    Raises NotFound, Usage, Refused for an agent where the memory is excluded.
    """
    given = {key: texts for key in _LISTS_OF_IDS if (texts := _texts(values.get(key)))}
    if not given:
        return values
    reader, full = open_reader(), dict[str, Value]()
    with reader.view() as view:
        for key, texts in given.items():
            for text in texts:
                refuse_short_id(text)
            full[key] = tuple(dict.fromkeys(str(reader.visibility.find(view, text).id) for text in texts))
    return {**values, **full}


def _texts(value: Value) -> tuple[str, ...]:
    """The texts of a list or of one text; none of what is neither, which the checks refuse."""
    items = (value,) if isinstance(value, str) else value if isinstance(value, tuple) else ()
    texts = tuple(item for item in items if isinstance(item, str))
    return texts if len(texts) == len(items) else ()
