"""Ids of other memories among the values that an author gives: a part of an id becomes the whole."""

from __future__ import annotations

from collections.abc import Mapping

from memcli.core.memory.document import Value
from memcli.core.memory.identity import refuse_short_id
from memcli.workspace import Workspace

_LISTS_OF_IDS = ("based_on", "supersedes")


def with_full_ids(workspace: Workspace, values: Mapping[str, Value]) -> Mapping[str, Value]:
    """The values with whole ids for the parts of ids that they give. Raises NotFound, Usage, Refused for an agent
    where the memory is excluded."""
    given = {key: texts for key in _LISTS_OF_IDS if (texts := _texts(values.get(key)))}
    if not given:
        return values
    from memcli.operations.views.reader import Reader  # most memories name no other

    reader, full = Reader(workspace), dict[str, Value]()
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
