"""A curator's answer: the home of its reading. Total: whatever the bytes are, typed edits and refusals with reasons."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from memcli.core.curator.job import ADD, ASK, EDIT, MERGE, RETIRE, SUPERSEDE, VERDICT
from memcli.core.memory.document import DocumentError, decode
from memcli.core.memory.memory import MAX_TITLE
from memcli.core.review.private import without_private

MOST_IDS = 50
"""Ids, tags or rejections in one edit."""
MAX_REASON, MAX_WORD = 500, 100
_LISTS = ("from", "with", "tags", "based_on")
FIELDS: Mapping[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    EDIT: (("id", "reason"), ("title", "body")),
    MERGE: (("id", "from", "body", "reason"), ("title",)),
    SUPERSEDE: (("id", "by", "reason"), ()),
    RETIRE: (("id", "reason"), ()),
    ASK: (("id", "reason"), ("with",)),
    ADD: (("title", "body", "kind", "type", "topic", "reason"), ("tags", "based_on")),
    VERDICT: (("verdict", "reason"), ("reject",)),
}
"""Form → the fields that it must have and those that it may have."""


@dataclass(frozen=True)
class Rejection:
    """A candidate that is not to be promoted."""

    id: str
    reason: str


@dataclass(frozen=True)
class Edit:
    """One edit, typed but not judged; `others` are the ids in `from`, `by`, `with` or `based_on`. `in_place`: it was
    made in the memory's file."""

    form: str
    id: str = ""
    reason: str = ""
    title: str | None = None
    body: str | None = None
    others: tuple[str, ...] = ()
    kind: str = ""
    type: str = ""
    topic: str = ""
    tags: tuple[str, ...] = ()
    verdict: str = ""
    rejects: tuple[Rejection, ...] = ()
    in_place: bool = False


@dataclass(frozen=True)
class Refusal:
    """What was not taken: the form and id as the curator gave them, as far as they could be read, and why."""

    form: str
    id: str
    reason: str


@dataclass(frozen=True)
class Answer:
    """What came back. `failure`: why there is no answer at all; `job`: the id of the job it says that it answers."""

    edits: tuple[Edit, ...] = ()
    refused: tuple[Refusal, ...] = ()
    failure: str = ""
    job: str = ""
    remarks: tuple[str, ...] = ()


class _Twice(dict[str, Any]):
    """An object in which a name stands twice: nobody knows which of them was meant."""


def parse(data: bytes | str, most: int) -> Answer:
    """The answer in a JSON document: `{"edits": [...]}` or the list alone; `most` edits are looked at."""
    try:
        text = data.decode("utf-8") if isinstance(data, bytes) else data
        said = json.loads(text, object_pairs_hook=_object, parse_constant=_no_number, parse_int=float)
    except UnicodeDecodeError:
        return Answer(failure="the answer is not UTF-8")
    except RecursionError:
        return Answer(failure="the answer is nested too deeply")
    except ValueError as error:
        return Answer(failure=f"the answer is no JSON: {str(error)[:100]}")
    return _answer(said, most)


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    return found if len(found) == len(pairs) else _Twice(found)


def _no_number(text: str) -> Any:
    raise ValueError(f"{text} is no number")


def _answer(said: object, most: int) -> Answer:
    listed, job = (said.get("edits"), said.get("job")) if isinstance(said, dict) else (said, None)
    if isinstance(said, _Twice) or not isinstance(listed, list):
        return Answer(failure="the answer has no list of 'edits'")
    found = [_edit(one) for one in listed[:most]]
    refused = [one for one in found if isinstance(one, Refusal)]
    if len(listed) > most:
        refused.append(Refusal("", "", f"{len(listed) - most} further edits: a job takes at most {most}"))
    edits = tuple(one for one in found if isinstance(one, Edit))
    return Answer(edits, tuple(refused), job=job if isinstance(job, str) else "")


def _edit(said: object) -> Edit | Refusal:
    if not isinstance(said, dict):
        return Refusal("", "", "an edit is an object")
    form, memory_id = quotable(said.get("edit")), quotable(said.get("id"))
    try:
        return _typed(said)
    except ValueError as error:
        return Refusal(form, memory_id, str(error))


def quotable(value: object) -> str:
    """A value of the curator's as a report may quote it."""
    if not isinstance(value, str):
        return ""
    return "".join(
        letter if letter.isascii() and letter.isprintable() else "?" for letter in without_private(value)[0][:60]
    )


def _typed(said: dict[str, Any]) -> Edit:
    form = said.get("edit")
    if isinstance(said, _Twice):
        raise ValueError("a field stands twice")
    if not isinstance(form, str) or form not in FIELDS:
        raise ValueError(f"no form of edit: {quotable(form) or 'missing'!r}")
    needed, possible = FIELDS[form]
    given = {name: value for name, value in said.items() if value is not None and name != "edit"}
    if missing := [name for name in needed if name not in given]:
        raise ValueError(f"lacks {', '.join(missing)}")
    if unknown := [name for name in given if name not in (*needed, *possible)]:
        raise ValueError(f"{form} has no field {quotable(unknown[0])!r}")
    return _made(form, given)


def _made(form: str, given: Mapping[str, Any]) -> Edit:
    listed = {name: _words(name, given[name]) for name in _LISTS if name in given}
    others = next((listed[name] for name in ("from", "with", "based_on") if name in listed), ())
    return Edit(
        form=form,
        id=_line(given, "id", MAX_WORD),
        reason=_reason(given["reason"]),
        title=_title(given["title"]) if "title" in given else None,
        body=body_of(given["body"]) if "body" in given else None,
        others=(_line(given, "by", MAX_WORD),) if "by" in given else others,
        kind=_line(given, "kind", MAX_WORD),
        type=_line(given, "type", MAX_WORD),
        topic=_line(given, "topic", MAX_WORD),
        tags=listed.get("tags", ()),
        verdict=_line(given, "verdict", MAX_WORD),
        rejects=_rejections(given.get("reject", [])),
    )


def _line(given: Mapping[str, Any], name: str, longest: int) -> str:
    """A field as one line of text; empty where it is absent."""
    if name not in given:
        return ""
    value = given[name]
    if not isinstance(value, str):
        raise ValueError(f"'{name}' is no text")
    line = " ".join(_text(value, name, 4 * longest + 4096).split())
    if not line:
        raise ValueError(f"'{name}' is empty")
    if len(line) > longest:
        raise ValueError(f"'{name}' is longer than {longest} characters")
    return line


def _text(value: str, name: str, limit: int) -> str:
    """Text as the store has it. Raises ValueError for what is not UTF-8, or holds a NUL, or is too long."""
    try:
        return without_private(decode(value.encode("utf-8"), limit))[0]
    except UnicodeEncodeError:
        raise ValueError(f"'{name}' is not UTF-8") from None
    except DocumentError as error:
        raise ValueError(f"'{name}': {error.message}") from None


def _reason(value: object) -> str:
    """Why, in one line; a long one is cut."""
    if not isinstance(value, str):
        raise ValueError("'reason' is no text")
    line = " ".join(_text(value[: 8 * MAX_REASON], "reason", 64 * MAX_REASON).split())
    if not line:
        raise ValueError("a reason is missing")
    return line if len(line) <= MAX_REASON else line[: MAX_REASON - 1] + "…"


def _title(value: object) -> str:
    return _line({"title": value}, "title", MAX_TITLE)


def body_of(value: object) -> str:
    """A body as files have it; its size is judged by the job's limits. Raises ValueError."""
    if not isinstance(value, str):
        raise ValueError("'body' is no text")
    body = _text(value, "body", 1 << 24)
    if not body.strip():
        raise ValueError("the body is empty")
    return body.strip("\n") + "\n"


def _words(name: str, value: object) -> tuple[str, ...]:
    """A list of words, or one that stands for a list of one; each once."""
    listed: Iterable[object] = [value] if isinstance(value, str) else value if isinstance(value, list) else [None]
    words = list(listed)
    if len(words) > MOST_IDS:
        raise ValueError(f"'{name}' names more than {MOST_IDS}")
    if not all(isinstance(word, str) for word in words):
        raise ValueError(f"'{name}' is no list of words")
    return tuple(dict.fromkeys(_line({name: word}, name, MAX_WORD) for word in words))


def _rejections(value: object) -> tuple[Rejection, ...]:
    if not isinstance(value, list) or len(value) > MOST_IDS * 20:
        raise ValueError("'reject' is no list of {id, reason}")
    found = []
    for one in value:
        if not isinstance(one, dict) or isinstance(one, _Twice) or not {"id", "reason"} == one.keys():
            raise ValueError("'reject' is no list of {id, reason}")
        found.append(Rejection(_line(one, "id", 300), _reason(one["reason"])))
    return tuple(found)
