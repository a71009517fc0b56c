"""What a dream is a function of, written into the session's first commit: so a resumed one ends with the same tree."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from memcli.branch import ROOT, SESSION_DIRECTORY
from memcli.core.memory.instants import format_instant, parse_instant
from memcli.core.session.state import Session
from memcli.errors import Failure
from memcli.git.branch_work import default_branch
from memcli.operations.dream.history import LastDream, rejections
from memcli.operations.dream.recorded_reads import commits_with_reads
from memcli.workspace import Workspace

INPUTS = f"{SESSION_DIRECTORY}/dream.json"
VERSION = 1


@dataclass(frozen=True)
class DreamInputs:
    """`since` and `base`: the commits of the store between which it reads; `code_since` and `code` those of the default
    branch of the code; empty where there is none. `reads`: commits whose recorded reads count; `rejected`: what
    persons decided against (content, why). `at`: RFC 3339."""

    at: str
    since: str
    base: str
    code_since: str = ""
    code: str = ""
    scope: str = ""
    limit: int | None = None
    force: bool = False
    reads: tuple[str, ...] = ()
    rejected: tuple[tuple[str, str], ...] = ()

    @property
    def instant(self) -> datetime:
        return parse_instant(self.at)

    def to_json(self) -> str:
        return json.dumps({"v": VERSION, **asdict(self)}, indent=1) + "\n"


def collect_inputs(
    workspace: Workspace, known: LastDream, scope: str = "", limit: int | None = None, force: bool = False
) -> DreamInputs:
    """What a dream that begins now is a function of, `known` being the last one."""
    base = workspace.main()[1]
    code = default_branch(workspace.layout, workspace.settings.get("codebranch", ""), guesses=())
    since = known.watermark or ROOT
    reads = commits_with_reads(workspace, known.at, since, base)
    return DreamInputs(
        format_instant(workspace.now), since, base, known.code, code[1] if code else "", scope, limit, force, reads,
        rejections(workspace, known.at),
    )  # fmt: skip


def parse_inputs(text: str) -> DreamInputs:
    """The inputs in a file. Raises ValueError for anything else."""
    try:
        said: dict[str, Any] = json.loads(text)
        if said.pop("v") != VERSION:
            raise ValueError("written by another version of mem")
        rejected = tuple((str(content), str(reason)) for content, reason in said["rejected"])
        return _checked(DreamInputs(**{**said, "reads": tuple(map(str, said["reads"])), "rejected": rejected}))
    except (KeyError, TypeError, AttributeError, RecursionError) as error:
        raise ValueError(f"not the inputs of a dream: {error}") from error


def _checked(inputs: DreamInputs) -> DreamInputs:
    texts = (inputs.at, inputs.since, inputs.base, inputs.code_since, inputs.code, inputs.scope)
    if not all(isinstance(text, str) for text in texts) or not isinstance(inputs.limit, int | None):
        raise ValueError("not the inputs of a dream")
    parse_instant(inputs.at)
    return inputs


def load_inputs(workspace: Workspace, session: Session) -> DreamInputs:
    """What a dream was begun with. Raises Failure where somebody took that away."""
    try:
        found = parse_inputs(workspace.sessions.text(session, INPUTS))
        workspace.store.tree_of(found.base)
        return found
    except (ValueError, Failure) as error:
        problem = f"{session.name}: {INPUTS}: {error}"
        raise Failure(problem, f"'mem dream discard {session.name}', then dream again") from error


def next_watermark(inputs: DreamInputs, full: bool) -> str:
    """Up to where the store is read once the dream is promoted: not further where anything was left out."""
    return inputs.since if full or inputs.scope else inputs.base
