"""`mem` where chromadb cannot be imported: everything else works, and what needs it says how to install it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.conftest import Mem, Repo, Result

Run = Callable[..., Result]


@pytest.fixture
def light(mem: Mem, tmp_path: Path) -> Run:
    """Run `mem` without chromadb, in a store with one promoted memory."""
    hiding = tmp_path / "hiding"
    hiding.mkdir()
    (hiding / "sitecustomize.py").write_text("import sys\nsys.modules['chromadb'] = None\n")

    def run(*arguments: str) -> Result:
        return mem(*arguments, env={"PYTHONPATH": str(hiding)})

    assert run("init").code == 0
    assert run("add", "Webhook deliveries are retried seven times.").code == run("promote", "--yes").code == 0
    return run


def test_recall_works_without_a_word_about_it(light: Run) -> None:
    plain = light("recall", "webhook retries", "--json", "--explain")
    assert (plain.code, plain.err) == (0, "")
    data = plain.json()
    assert data["degraded"] is None and "dense" in data["hits"][0]["channels"]
    assert light("recall", "webhook retries", "--via", "exact").code == 0


@pytest.mark.parametrize(
    ("setting", "command"),
    [
        (None, ("recall", "webhook", "--via", "chroma")),
        (("mem.dense", "chroma"), ("recall", "webhook")),
        (("mem.embedder", "minilm"), ("recall", "webhook")),
        (("mem.embedder", "openai"), ("recall", "webhook")),
        (("mem.embedder", "minilm"), ("index", "sync")),
        (None, ("index", "sync", "--chroma")),
        (("mem.dense", "chroma"), ("index", "sync")),
        (("mem.dense", "chroma"), ("index", "verify")),
        (("mem.chromaUrl", "http://127.0.0.1:9"), ("index", "rebuild")),
    ],
)
def test_what_needs_it_says_how_to_install_it(
    light: Run, repo: Repo, setting: tuple[str, str] | None, command: tuple[str, ...]
) -> None:
    if setting:
        repo.git("config", *setting)
    refused = light(*command, "--json")
    assert refused.code == 8 and refused.out == ""
    assert refused.error()["message"] == "chromadb is not installed"
    assert "'pip install chromadb'" in refused.error()["hint"]


def test_a_pack_goes_without_the_embedder(light: Run, repo: Repo) -> None:
    repo.git("config", "mem.embedder", "minilm")
    pack = light("hydrate", "--task", "webhook retries", "--json")
    assert pack.code == 0 and "Webhook deliveries" in pack.json()["text"]
    assert pack.json()["degraded"] == "chromadb is not installed"


def test_a_collection_of_earlier_times_is_left_alone(light: Run, repo: Repo) -> None:
    generation = repo.path / ".git" / "mem" / "index" / "chroma" / "g-old"
    generation.mkdir(parents=True)
    (generation.parent / "current").write_text("g-old\n")
    for command in (("index", "sync"), ("index", "verify"), ("index", "status"), ("recall", "webhook")):
        assert light(*command).code == 0
    assert generation.is_dir()
