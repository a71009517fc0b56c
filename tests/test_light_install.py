"""The install without chromadb of templates/ci/requirements-light.txt, in a virtual environment of its own.

It needs PyPI: without it the test is skipped, and fails where MEM_TEST_ALL is set.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tomllib
import venv
from pathlib import Path

import pytest

from tests.conftest import Repo
from tests.needs import missing

ROOT = Path(__file__).parents[1]
LIGHT = ROOT / "templates" / "ci" / "requirements-light.txt"


def requirements() -> list[str]:
    lines = LIGHT.read_text(encoding="utf-8").splitlines()
    return [line for line in lines if line and not line.startswith("#")]


def test_it_is_the_default_install_without_chromadb() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert requirements() == [one for one in project["dependencies"] if not one.startswith("chromadb")]


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The directory of the programs of a light install."""
    place = tmp_path_factory.mktemp("light")
    venv.create(place, with_pip=True)
    pip = [str(place / "bin" / "python"), "-m", "pip", "--disable-pip-version-check"]
    probe = [*pip, "download", "--quiet", "--no-deps", "--dest", str(place / "probe"), "packaging"]
    if subprocess.run(probe, capture_output=True, check=False).returncode:
        missing("needs PyPI; it cannot be reached")
    for wanted in (["-r", str(LIGHT)], ["--no-deps", str(ROOT)]):
        subprocess.run([*pip, "install", "--quiet", *wanted], capture_output=True, text=True, check=True)
    return place / "bin"


def test_everything_but_chroma_works(installed: Path, repo: Repo) -> None:
    outside = {name: value for name, value in os.environ.items() if name not in ("PYTHONPATH", "VIRTUAL_ENV")}
    environment = {**outside, "PATH": f"{installed}:{os.environ['PATH']}"}

    def run(*words: str, code: int = 0, stdin: str = "") -> str:
        done = subprocess.run(
            [str(installed / "mem"), *words], cwd=repo.path, env=environment, input=stdin,
            capture_output=True, text=True, check=False,
        )  # fmt: skip
        assert done.returncode == code, f"{words}: {done.stdout}{done.stderr}"
        return done.stderr if code else done.stdout

    python = str(installed / "python")
    probe = "import importlib.util as u, memcli; print(u.find_spec('chromadb'), memcli.__file__)"
    where = subprocess.run([python, "-c", probe], cwd="/", env=environment, capture_output=True, text=True, check=True)
    assert where.stdout.startswith("None ") and str(installed.parent) in where.stdout, sys.path
    assert (installed.parent / "share/man/man1/git-mem.1").is_file()
    assert run("completion", "zsh").startswith("#compdef mem git-mem")
    run("init")
    run("add", "Webhook deliveries are retried seven times.")
    run("promote", "--yes")
    answer = json.loads(run("recall", "how often are webhooks retried", "--json", "--explain"))
    assert answer["warnings"] == [] and answer["data"]["degraded"] is None
    assert "dense" in answer["data"]["hits"][0]["channels"]
    run("dream")
    run("index", "verify")
    run("hooks", "install", "--agent", "claude", "--git")
    payload = json.dumps({"session_id": "s1", "source": "startup", "cwd": str(repo.path)})
    assert "Webhook deliveries" in run("hook", "claude", "session-start", stdin=payload)
    repo.git("commit", "-q", "--allow-empty", "-m", "next", env=environment)
    run("doctor")
    assert "pip install chromadb" in run("recall", "webhook", "--via", "chroma", code=8)
