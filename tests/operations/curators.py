"""Curators for the tests: real scripts, configured in git as a user does."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

from memcli.core.curator.answer import CuratorAnswer
from memcli.core.curator.job import Job
from memcli.operations.curation.answers import CURATOR, CuratorCommand, configured_command
from memcli.workspace import Workspace
from tests.conftest import Repo


def configure(repo: Repo, text: str, timeout: float = 20) -> Path:
    """Configure a script that has the job in `job` as the repository's curator; it prints its answer."""
    script = repo.path.parent / "curator.py"
    script.write_text(f"import json, os, subprocess, sys, time\njob = json.load(sys.stdin)\n{text}\n", encoding="utf-8")
    repo.git("config", "mem.curator", f"{sys.executable} '{script}'")
    repo.git("config", "mem.curatorTimeout", str(timeout))
    return script


def answering(repo: Repo, *edits: Any) -> None:
    """Configure a curator that always answers with these edits."""
    configure(repo, f"print({json.dumps(json.dumps({'edits': list(edits)}))})")


def curator_command(workspace: Workspace) -> CuratorCommand | None:
    return configured_command(workspace.settings, CURATOR, workspace.layout, workspace.config.external_environment)


def ask_curator(workspace: Workspace, job: Job) -> CuratorAnswer:
    command = curator_command(workspace)
    assert command
    return command.ask(job)


LIARS = {
    "exit 1": ("sys.exit(1)", "exit code 1"),
    "no answer": ("time.sleep(60)", "no answer within"),
    "silence": ("", "it gave no answer"),
    "invalid JSON": ("print('Sure! Here are the edits:')", "not JSON"),
    "no edits": ("print(json.dumps(job))", "no list of 'edits'"),
    "another job": ("print(json.dumps({'job': 'x', 'edits': []}))", "another job"),
    "a gigabyte": ("for _ in range(1024): os.write(1, b'x' * (1 << 20))", "more than 8 MiB"),
    "endless stderr": ("while True: os.write(2, b'x' * (1 << 20))", "more than 8 MiB"),
    "deep": ("print('[' * 1_000_000)", "nested too deeply"),
    "binary": ("os.write(1, os.urandom(1000) + b'\\xff')", "not UTF-8"),
}
"""What a curator may do instead of answering, and what the report says about it."""
