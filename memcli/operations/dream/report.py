"""The report of a dream, a file of its session: what recall gains and loses, and the titles of the memories named."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from memcli.branch import SESSION_DIRECTORY
from memcli.core.dream.recall_comparison import LostAnswer
from memcli.core.session.state import Session
from memcli.operations.dream.dream_sources import DreamSources
from memcli.operations.dream.inputs import DreamInputs
from memcli.operations.dream.measure import PackMeter, RecallMeasures, measure_recall
from memcli.operations.dream.recorder import recorded_steps
from memcli.sessions import Sessions

REPORT = f"{SESSION_DIRECTORY}/report.json"


@dataclass(frozen=True)
class DreamReport:
    """`titles`: {id: title} of the memories that the steps name; `full`: something was left for the next dream."""

    measures: RecallMeasures
    titles: Mapping[str, str]
    full: bool


def compose_report(sources: DreamSources, meter: PackMeter, session: Session, inputs: DreamInputs, full: bool) -> str:
    """The text of the report, a function of the session and its inputs."""
    measures = measure_recall(
        lambda: sources.view_at(inputs.base),
        lambda: sources.view_at(session.tip),
        sources.reads.load(inputs.reads),
        meter,
    )
    steps = recorded_steps(sources.sessions, session)
    ids = sorted({memory_id for step in steps for memory_id in (step.id, *step.others)})
    with sources.view_at(inputs.base) as view:
        titles = {memory_id: summary.title for memory_id, summary in view.by_ids(ids).items()}
    fields = {"v": 1, "measures": asdict(measures), "titles": dict(sorted(titles.items())), "full": full}
    return json.dumps(fields, ensure_ascii=False, indent=1) + "\n"


def read_report(sessions: Sessions, session: Session) -> DreamReport | None:
    """The report of a complete dream; None where there is none that can be read."""
    text = sessions.text(session, REPORT)
    try:
        fields: dict[str, Any] = json.loads(text)
        return DreamReport(_measures(fields["measures"]), fields["titles"], bool(fields["full"]))
    except (ValueError, KeyError, TypeError):
        return None


def _measures(fields: dict[str, Any]) -> RecallMeasures:
    pairs = {name: tuple(fields[name]) for name in ("active", "front_tokens", "pack_tokens", "question_tokens")}
    lost = tuple(LostAnswer(**answer) for answer in fields["lost"])
    return RecallMeasures(**{**fields, **pairs, "lost": lost})
