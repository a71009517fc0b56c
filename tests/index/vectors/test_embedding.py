"""The embedders: the table that ships, Chroma's functions by name, and none; what is not there is said, not fetched."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from safetensors.numpy import load_file
from tokenizers import Tokenizer

import memcli
from memcli.index.vectors.embedding import ChromaEmbedder, StaticEmbedder, Unavailable, choose_embedder, unit
from tests.conftest import Mem, Repo
from tests.needs import SHARED

MODELS = SHARED / "models"
MINILM = MODELS / "all-MiniLM-L6-v2"
needs_minilm = pytest.mark.skipif(not MINILM.is_dir(), reason="needs the model all-MiniLM-L6-v2; set MEM_TEST_DATA")
NOTES = (
    "StripeWebhookHandler race condition: failed deliveries are retried",
    "We deploy on Fridays with two reviewers",
    "The invoice PDF uses the ledger's currency",
    "Log files are kept for ninety days",
    "Feature flags live in flags.toml",
    "The search box waits 300 ms before it asks",
)


@pytest.fixture
def with_minilm(tmp_path: Path) -> dict[str, str]:
    """A HOME whose cache holds the model where Chroma looks for it."""
    cache = tmp_path / "home" / ".cache" / "chroma" / "onnx_models"
    cache.mkdir(parents=True)
    (cache / "all-MiniLM-L6-v2").symlink_to(MINILM)
    return {"HOME": str(tmp_path / "home")}


def test_a_text_is_the_mean_of_its_tokens_rows() -> None:
    place = Path(memcli.__file__).parent / "models" / "static-minilm-256"
    tokenizer = Tokenizer.from_file(str(place / "tokenizer.json"))
    ids = tokenizer.encode("The ledger locks", add_special_tokens=False).ids
    mean = load_file(place / "model.safetensors")["embeddings"][ids].astype(np.float32).mean(axis=0)
    np.testing.assert_allclose(StaticEmbedder().embed(["The ledger locks"])[0], mean / np.linalg.norm(mean), atol=1e-6)


def test_the_table_brings_near_what_means_nearly_the_same() -> None:
    asked, *notes = StaticEmbedder().embed(["how long are logs stored", *NOTES])
    assert int(np.argmax(np.array(notes) @ asked)) == 3


@pytest.mark.parametrize(
    ("text", "length"),
    [("", 0), (" \n", 0), ("\0", 0), ("\ud800", 1), ("中文 笔记", 1), ("x" * 100_000, 0), ("word " * 20_000, 1)],
)
def test_every_text_has_a_vector_of_length_one_or_none_at_all(text: str, length: int) -> None:
    (vector,) = StaticEmbedder().embed([text])
    assert len(vector) == 256 and np.linalg.norm(vector) == pytest.approx(length, abs=1e-5)


def test_unit_leaves_zeros_alone() -> None:
    assert unit([3.0, 4.0]) == [0.6, 0.8] and unit([0.0, 0.0]) == [0.0, 0.0]


def test_names_tell_settings_apart() -> None:
    assert choose_embedder("none") is None
    one, other = choose_embedder("openai", '{"model_name": "a"}'), choose_embedder("openai", '{"model_name": "b"}')
    assert one and other and one.name != other.name and one.name.startswith("openai-")
    for wrong in ("[]", "{", '"x"'):
        with pytest.raises(Unavailable, match=r"mem\.embedderSettings"):
            choose_embedder("openai", wrong)
    with pytest.raises(Unavailable, match="no embedding function 'nonsense'"):
        ChromaEmbedder("nonsense").embed(["text"])


@needs_minilm
def test_minilm_finds_a_paraphrase(mem: Mem, repo: Repo, with_minilm: dict[str, str]) -> None:
    stored(mem, repo)
    repo.git("config", "mem.embedder", "minilm")
    found = mem("recall", "simultaneous payment callbacks conflict", "--json", env=with_minilm)
    assert found.json()["degraded"] is None
    assert "StripeWebhookHandler" in json.dumps([hit["title"] for hit in found.json()["hits"][:5]])
    status = mem("index", "status", "--json", env=with_minilm)
    assert status.json()["embedder"] == "onnx_mini_lm_l6_v2"


def test_a_model_that_is_not_here_is_not_fetched_and_words_answer(mem: Mem, repo: Repo, tmp_path: Path) -> None:
    stored(mem, repo)
    repo.git("config", "mem.embedder", "minilm")
    found = mem("recall", "webhook handler", "--json", env={"HOME": str(tmp_path)})
    assert "not on this machine" in found.json()["degraded"]
    assert found.json()["hits"][0]["title"].startswith("StripeWebhookHandler")
    assert not (tmp_path / ".cache").exists()


def test_nonsense_in_the_settings_degrades_and_says_so(mem: Mem, repo: Repo) -> None:
    stored(mem, repo)
    for name, value, said in (
        ("mem.embedder", "nonsense", "no embedding function"),
        ("mem.embedderSettings", "{", "not JSON"),
    ):
        repo.git("config", name, value)
        found = mem("recall", "webhook handler", "--json")
        assert found.code == 0 and said in found.json()["degraded"] and found.json()["hits"]


def test_recall_at_a_current_index_loads_only_what_it_searches_with(mem: Mem, repo: Repo) -> None:
    """By meaning too it needs neither numpy nor libgit2; by words alone it needs nothing of the vectors."""
    stored(mem, repo)
    assert mem("recall", "webhook").code == 0  # embeds what is new
    heavy = {"numpy", "tokenizers", "safetensors", "simsimd", "chromadb", "pygit2", "git", "psutil", "rich"}
    assert loaded_by_recall(repo) & heavy == {"tokenizers", "simsimd"}
    repo.git("config", "mem.embedder", "none")
    assert not loaded_by_recall(repo) & heavy


def loaded_by_recall(repo: Repo) -> set[str]:
    """The modules that a process has loaded at its end that answers a question."""
    program = (
        "import os, sys; from memcli.cli import main\n"
        "code = main._code_of(sys.argv[1:]); print(*sys.modules, file=sys.stderr); sys.exit(code)"
    )
    command = [sys.executable, "-c", program, "recall", "webhook"]
    done = subprocess.run(command, cwd=repo.path, capture_output=True, text=True, check=True)
    assert "StripeWebhookHandler" in done.stdout
    return set(done.stderr.split())


@pytest.mark.skipif(not shutil.which("unshare") or os.geteuid() != 0, reason="needs root to cut the network off")
def test_with_the_network_cut_everything_works(mem: Mem, repo: Repo) -> None:
    command = ["unshare", "-n", sys.executable, "-m", "memcli"]
    stored(mem, repo)
    for words in (["recall", "who approves a release", "--json"], ["index", "rebuild"], ["index", "verify"]):
        done = subprocess.run([*command, *words], cwd=repo.path, capture_output=True, text=True)
        assert done.returncode == 0, done.stderr


def stored(mem: Mem, repo: Repo) -> None:
    """A store with `NOTES`."""
    lines = "\n".join(json.dumps({"body": note + "."}) for note in NOTES)
    for words, text in ((["init"], ""), (["add", "--batch", "-"], lines), (["promote", "--yes"], "")):
        done = mem(*words, input=text)
        assert done.code == 0, done.err
    assert repo.git("rev-parse", "mem/main")
