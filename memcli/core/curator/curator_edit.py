"""A curator's edit, read from JSON: either typed fields or a refusal with the reason. Whether it makes sense is judged
later."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from memcli.core.curator.job import ADD, ASK, EDIT, MERGE, RETIRE, SUPERSEDE, VERDICT
from memcli.core.memory.document import DocumentError, decode
from memcli.core.memory.memory import MAX_TITLE
from memcli.core.review.private import without_private

MOST_IDS = 50
"""Ids or tags in one edit; a verdict may reject twenty times as many candidates."""
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
"""Form of edit → its required and its optional fields."""


@dataclass(frozen=True)
class CandidateRejection:
    """A candidate that a reviewer would not promote."""

    id: str
    reason: str


@dataclass(frozen=True)
class CuratorEdit:
    """One edit, typed but not judged.

    `others`: the ids in `from`, `by`, `with` or `based_on`; `in_place`: it was made in the memory's file.
    """

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
    rejects: tuple[CandidateRejection, ...] = ()
    in_place: bool = False


@dataclass(frozen=True)
class RefusedEdit:
    """An edit that was refused: its form and id as far as they could be read, and the reason."""

    form: str
    id: str
    reason: str


class RepeatedKeys(dict[str, Any]):
    """A JSON object in which a key occurs twice, so that its value is ambiguous."""


def parse_edit(payload: object) -> CuratorEdit | RefusedEdit:
    """The edit in a JSON value, or the refusal of a value that is not one."""
    if not isinstance(payload, dict):
        return RefusedEdit("", "", "an edit must be an object")
    try:
        return _typed(payload)
    except ValueError as error:
        return RefusedEdit(quotable(payload.get("edit")), quotable(payload.get("id")), str(error))


def quotable(value: object) -> str:
    """A value of the curator's in a form that is safe to quote in a report."""
    if not isinstance(value, str):
        return ""
    text = without_private(value)[0][:60]
    return "".join(letter if letter.isascii() and letter.isprintable() else "?" for letter in text)


def _typed(payload: dict[str, Any]) -> CuratorEdit:
    form = payload.get("edit")
    if isinstance(payload, RepeatedKeys):
        raise ValueError("a field occurs twice")
    if not isinstance(form, str) or form not in FIELDS:
        raise ValueError(f"unknown edit: {quotable(form) or 'missing'!r}")
    required, optional = FIELDS[form]
    fields = {name: value for name, value in payload.items() if value is not None and name != "edit"}
    if missing := [name for name in required if name not in fields]:
        raise ValueError(f"missing: {', '.join(missing)}")
    if unknown := [name for name in fields if name not in (*required, *optional)]:
        raise ValueError(f"{form} has no field {quotable(unknown[0])!r}")
    return _from_fields(form, fields)


def _from_fields(form: str, fields: Mapping[str, Any]) -> CuratorEdit:
    lists = {name: _strings(name, fields[name]) for name in _LISTS if name in fields}
    others = next((lists[name] for name in ("from", "with", "based_on") if name in lists), ())
    return CuratorEdit(
        form=form,
        id=_line(fields, "id", MAX_WORD),
        reason=_reason(fields["reason"]),
        title=_line(fields, "title", MAX_TITLE) if "title" in fields else None,
        body=parse_body(fields["body"]) if "body" in fields else None,
        others=(_line(fields, "by", MAX_WORD),) if "by" in fields else others,
        kind=_line(fields, "kind", MAX_WORD),
        type=_line(fields, "type", MAX_WORD),
        topic=_line(fields, "topic", MAX_WORD),
        tags=lists.get("tags", ()),
        verdict=_line(fields, "verdict", MAX_WORD),
        rejects=_rejections(fields.get("reject", [])),
    )


def _line(fields: Mapping[str, Any], name: str, longest: int) -> str:
    """A field as one line of text; '' where it is absent. Raises ValueError."""
    if name not in fields:
        return ""
    value = fields[name]
    if not isinstance(value, str):
        raise ValueError(f"'{name}' is not a string")
    line = " ".join(_text(value, name, 4 * longest + 4096).split())
    if not line:
        raise ValueError(f"'{name}' is empty")
    if len(line) > longest:
        raise ValueError(f"'{name}' is longer than {longest} characters")
    return line


def _text(value: str, name: str, limit: int) -> str:
    """A text as the store keeps it. Raises ValueError where it is not UTF-8, has a NUL or is too long."""
    try:
        return without_private(decode(value.encode("utf-8"), limit))[0]
    except UnicodeEncodeError:
        raise ValueError(f"'{name}' is not UTF-8") from None
    except DocumentError as error:
        raise ValueError(f"'{name}': {error.message}") from None


def _reason(value: object) -> str:
    """The reason as one line, cut at `MAX_REASON` characters. Raises ValueError."""
    if not isinstance(value, str):
        raise ValueError("'reason' is not a string")
    line = " ".join(_text(value[: 8 * MAX_REASON], "reason", 64 * MAX_REASON).split())
    if not line:
        raise ValueError("the reason is missing")
    return line if len(line) <= MAX_REASON else line[: MAX_REASON - 1] + "…"


def parse_body(value: object) -> str:
    """A body as files have it. Raises ValueError; the job's limits of size are checked later."""
    if not isinstance(value, str):
        raise ValueError("'body' is not a string")
    body = _text(value, "body", 1 << 24)
    if not body.strip():
        raise ValueError("the body is empty")
    return body.strip("\n") + "\n"


def _strings(name: str, value: object) -> tuple[str, ...]:
    """The distinct strings of a list; a single string stands for a list of one. Raises ValueError."""
    items: Iterable[object] = [value] if isinstance(value, str) else value if isinstance(value, list) else [None]
    listed = list(items)
    if len(listed) > MOST_IDS:
        raise ValueError(f"'{name}' has more than {MOST_IDS} entries")
    if not all(isinstance(item, str) for item in listed):
        raise ValueError(f"'{name}' is not a list of strings")
    return tuple(dict.fromkeys(_line({name: item}, name, MAX_WORD) for item in listed))


def _rejections(value: object) -> tuple[CandidateRejection, ...]:
    if not isinstance(value, list) or len(value) > MOST_IDS * 20:
        raise ValueError("'reject' is not a list of {id, reason}")
    rejections = []
    for item in value:
        if not isinstance(item, dict) or isinstance(item, RepeatedKeys) or item.keys() != {"id", "reason"}:
            raise ValueError("'reject' is not a list of {id, reason}")
        rejections.append(CandidateRejection(_line(item, "id", 300), _reason(item["reason"])))
    return tuple(rejections)
