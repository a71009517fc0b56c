"""Reading a curator's answer. Total: any bytes give typed edits, refusals with reasons, or one failure."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from memcli.core.curator.curator_edit import CuratorEdit, RefusedEdit, RepeatedKeys, parse_edit


@dataclass(frozen=True)
class CuratorAnswer:
    """An answer as it was read.

    `failure`: why there is no answer at all; `job`: the id of the job that it says it answers; `remarks`: what the
    command said on standard error.
    """

    edits: tuple[CuratorEdit, ...] = ()
    refused: tuple[RefusedEdit, ...] = ()
    failure: str = ""
    job: str = ""
    remarks: tuple[str, ...] = ()


def parse_answer(data: bytes | str, most: int) -> CuratorAnswer:
    """The answer in a JSON document, `{"edits": [...]}` or the list alone; edits after the first `most` are refused."""
    try:
        text = data.decode("utf-8") if isinstance(data, bytes) else data
        document = json.loads(text, object_pairs_hook=_object, parse_constant=_refuse_constant, parse_int=float)
    except UnicodeDecodeError:
        return CuratorAnswer(failure="the answer is not UTF-8")
    except RecursionError:
        return CuratorAnswer(failure="the answer is nested too deeply")
    except ValueError as error:
        return CuratorAnswer(failure=f"the answer is not JSON: {str(error)[:100]}")
    return _answer(document, most)


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    fields = dict(pairs)
    return fields if len(fields) == len(pairs) else RepeatedKeys(fields)


def _refuse_constant(text: str) -> Any:
    raise ValueError(f"{text} is not a number")


def _answer(document: object, most: int) -> CuratorAnswer:
    edits, job = (document.get("edits"), document.get("job")) if isinstance(document, dict) else (document, None)
    if isinstance(document, RepeatedKeys) or not isinstance(edits, list):
        return CuratorAnswer(failure="the answer has no list of 'edits'")
    parsed = [parse_edit(payload) for payload in edits[:most]]
    refused = [edit for edit in parsed if isinstance(edit, RefusedEdit)]
    if len(edits) > most:
        refused.append(RefusedEdit("", "", f"{len(edits) - most} further edits: a job takes at most {most}"))
    typed = tuple(edit for edit in parsed if isinstance(edit, CuratorEdit))
    return CuratorAnswer(typed, tuple(refused), job=job if isinstance(job, str) else "")
