"""The report of a dream, kept in its session: what recall gains and loses, and the titles of what is told about."""

from __future__ import annotations

import json
from collections.abc import Mapping
from contextlib import AbstractContextManager
from dataclasses import asdict, dataclass
from typing import Any

from memcli.branch import SESSION_DIRECTORY
from memcli.core.dream.recall_comparison import LostAnswer
from memcli.core.session.state import Session
from memcli.index.database.view import View
from memcli.operations.dream.inputs import DreamInputs
from memcli.operations.dream.measure import RecallMeasures, measure_recall
from memcli.operations.dream.recorded_reads import load_reads
from memcli.operations.dream.session import steps_of
from memcli.operations.views.reader import Reader
from memcli.operations.views.snapshot import Snapshot
from memcli.workspace import Workspace

REPORT = f"{SESSION_DIRECTORY}/report.json"


@dataclass(frozen=True)
class DreamReport:
    """`titles`: those of all memories that the steps name, by id; `full`: something was left for the next dream."""

    measures: RecallMeasures
    titles: Mapping[str, str]
    full: bool


def compose_report(workspace: Workspace, session: Session, inputs: DreamInputs, full: bool) -> str:
    """The report as it is kept: a function of the session and its inputs."""
    found = measure_recall(
        workspace,
        lambda: _opened(workspace, inputs.base),
        lambda: _opened(workspace, session.tip),
        load_reads(workspace, inputs.reads),
    )
    ids = sorted({memory for step in steps_of(workspace, session) for memory in (step.id, *step.others)})
    with _opened(workspace, inputs.base) as view:
        titles = {memory: record.title for memory, record in view.by_ids(ids).items()}
    said = {"v": 1, "measures": asdict(found), "titles": dict(sorted(titles.items())), "full": full}
    return json.dumps(said, ensure_ascii=False, indent=1) + "\n"


def _opened(workspace: Workspace, commit: str) -> AbstractContextManager[View]:
    return Reader(workspace).tree_view(Snapshot.of(workspace.odb.commit(commit)))


def read_report(workspace: Workspace, session: Session) -> DreamReport | None:
    """The report of a complete dream; None where there is none that can be read."""
    text = workspace.sessions.text(session, REPORT)
    try:
        said: dict[str, Any] = json.loads(text)
        return DreamReport(_measures(said["measures"]), said["titles"], bool(said["full"]))
    except (ValueError, KeyError, TypeError):
        return None


def _measures(said: dict[str, Any]) -> RecallMeasures:
    pairs = {name: tuple(said[name]) for name in ("active", "front_tokens", "pack_tokens")}
    lost = tuple(LostAnswer(**one) for one in said["lost"])
    return RecallMeasures(**{**said, **pairs, "lost": lost})
