"""Whatever a source is: a second run proposes nothing, two clones agree, and the first dream changes nothing."""

from __future__ import annotations

import json
from functools import partial
from pathlib import Path

import pytest

from memcli.operations.dream.dream import run_dream
from memcli.operations.dream.inputs import DreamRequest
from memcli.operations.review.promote import PromoteRequest, promote
from memcli.operations.setup.init import init
from tests.conftest import Repo
from tests.operations.bootstrap.sources import SOURCES, Open, run

_LIMITS = (
    "The API allows 20 calls a minute for each key. Retry after 90 seconds, never earlier, or the key is locked.\n"
)
_KEPT = "Orders are kept for ninety days and never deleted earlier, because the tax office asks for them.\n"
_NOTE = "---\nname: limits\ndescription: Limits of the API\nmetadata:\n  type: project\n---\n"
KINDS: dict[str, dict[str, str]] = {
    "decisions and rules": SOURCES,
    "claude": {
        ".claude/memory/MEMORY.md": "- [Limits](limits.md) — limits of the API\n",
        ".claude/memory/limits.md": _NOTE + _LIMITS,
    },
    "cline": {
        f"memory-bank/{name}.md": f"# {name}\n\n## Data\n\n{_KEPT.replace('Orders', thing)}"
        for name, thing in (
            ("projectbrief", "Orders"),
            ("productContext", "Invoices and their pages"),
            ("systemPatterns", "Events of the queue"),
            ("techContext", "Database dumps of every night"),
            ("activeContext", "Drafts of the new checkout"),
            ("progress", "Results of the load tests"),
        )
    },
    "letta": {
        ".letta/config.json": "{}",
        "system/human.md": "---\ndescription: How she works\n---\n# Person\n\nAlways answer with a diff first.\n",
        "reference/gotchas/limits.md": f"---\ndescription: Limits of the API.\n---\n# API limits\n\n- {_LIMITS}",
    },
    "basic-memory": {
        "notes/limits.md": (
            "---\ntitle: Limits\ntype: note\npermalink: notes/limits\ntags:\n- api\n---\n# Limits\n\n"
            "## Observations\n- [limit] The API allows 20 calls a minute for each key #api\n\n"
            "## Relations\n- relates_to [[Orders]]\n"
        ),
        "notes/orders.md": (
            "---\ntitle: Orders\ntype: note\npermalink: notes/orders\n---\n# Orders\n\n"
            f"## Observations\n- [rule] {_KEPT}"
        ),
    },
    "beads": {
        ".beads/issues.jsonl": "\n".join(
            json.dumps(issue)
            for issue in (
                {
                    "id": "bd-1",
                    "title": "Decide how long the client waits before it retries",
                    "description": _LIMITS,
                    "status": "closed",
                    "close_reason": "Decided: the client must wait for 90 seconds, because the lock cannot be lifted.",
                    "issue_type": "decision",
                    "created_at": "2025-01-02T03:04:05Z",
                    "updated_at": "2025-01-03T03:04:05Z",
                    "closed_at": "2025-01-03T03:04:05Z",
                },
                {"id": "bd-2", "title": "Open", "status": "open", "created_at": "2025-01-02T03:04:05Z"},
            )
        )
        + "\n"
    },
    "mcp": {
        "memory.jsonl": json.dumps(
            {"type": "entity", "name": "API", "entityType": "service", "observations": [_LIMITS.strip()]}
        )
        + "\n"
    },
    "guides": {
        "CONTRIBUTING.md": (
            "# Contributing\n\n## Tests\n\nRun `make check` before you push; it must pass, because the release job "
            "starts from `main`.\nNever edit `src/app.py` without a test.\n\n## Releases\n\n"
            "1. Run `make release` on a clean tree.\n2. Wait for the job, then tag it with `git tag -s`.\n"
        ),
        "src/app.py": "x = 1\n",
    },
    "documents": {
        "docs/queues.md": (
            "# Queues\n\n## Draining\n\nThe queue must be drained with `bin/drain --all` before an upgrade, because "
            "messages of version 3 cannot be read by `worker/read.py` of version 4. Never restart `worker` while it "
            "drains, otherwise up to 200 messages are lost. 1. Stop `api`. 2. Run `bin/drain --all`. 3. Start `api`.\n"
        ),
        "docs/ops.rst": "Operations\n==========\n\nLimits\n------\n\n" + _LIMITS,
        "docs/old.adoc": "= Backups\n\n== When\n\nBackups are made at 03:00 UTC and must be restored once a month.\n",
    },
}
OPTIONS = ("docs", "code", "diaries")


def _accept(workspace: Open, session: str | None) -> None:
    if session:
        promote(workspace(), PromoteRequest(session, consent=True))


@pytest.mark.parametrize("kind", KINDS)
def test_again_changes_nothing(repo: Repo, workspace: Open, tmp_path: Path, kind: str) -> None:
    repo.commit("docs: what we know", KINDS[kind])
    clone = tmp_path / "clone"
    repo.git("clone", "-q", str(repo.path), str(clone))
    init(workspace())
    init(workspace(clone))
    answer = run(workspace, options=OPTIONS, limit=None)
    other = run(partial(workspace, clone), options=OPTIONS, limit=None, dry_run=True)
    assert answer.proposed and answer.proposed == other.proposed
    again = run(workspace, options=OPTIONS, limit=None)
    assert (again.proposed, again.changes) == ((), ())
    _accept(workspace, answer.session)
    assert run_dream(workspace(), DreamRequest(force=True)).steps == ()
    third = run(workspace, options=OPTIONS, limit=None)
    assert (third.proposed, third.changes) == ((), ())


@pytest.mark.parametrize("kind", KINDS)
def test_every_file_of_a_store_is_in_the_report(repo: Repo, workspace: Open, kind: str) -> None:
    repo.commit("docs: what we know", KINDS[kind])
    init(workspace())
    answer = run(workspace, options=OPTIONS, limit=None)
    told = {(proposal.memory.source.ref or "").partition("#")[0] for proposal in answer.proposed}
    told |= {each.skipped.path for each in answer.skipped}
    told |= {weighed.extract.path for some in answer.left.values() for weighed in some}
    assert set(KINDS[kind]) - told <= {"src/app.py", ".letta/config.json", ".claude/memory/MEMORY.md"}
