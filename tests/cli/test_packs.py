"""`mem hydrate` and `mem replay` as processes: exact bytes, remarks beside them, exit codes."""

from __future__ import annotations

import hashlib
import json
import subprocess
import sys

import pytest

from tests.conftest import Mem, Repo


@pytest.fixture
def store(repo: Repo, fast: Mem) -> Repo:
    fast("init")
    fast("add", "RETRIES is 7 because the ledger locks ≤ 2 s.", "--path", "src/app.py", "--type", "constraint", "--pin",
         "--promote")  # fmt: skip
    return repo


def test_the_bytes_on_stdout_are_the_pack(store: Repo, fast: Mem) -> None:
    made = fast("hydrate", "--json").json()
    text = made["text"].encode()
    assert hashlib.sha256(text).hexdigest() == made["pack"] and made["chars"] == len(made["text"])
    assert made["tokens"] == -(-made["chars"] // 4) <= 2000 and text.startswith(b"[mem:pack v1 ")
    done = subprocess.run([sys.executable, "-m", "memcli", "replay", made["pack"][:6]], cwd=store.path,
                          capture_output=True)  # fmt: skip
    assert (done.returncode, done.stdout, done.stderr) == (0, text, b"")
    plain = fast("hydrate", "--color", "always")
    assert plain.out.endswith("]\n") and not plain.out.endswith("\n\n") and "\x1b" not in plain.out


def test_rendered_again_says_so_on_stderr(store: Repo, fast: Mem) -> None:
    fast("session", "start", "work")
    made = fast("hydrate", "--json").json()
    kept = store.path / ".git/mem/packs" / made["pack"]
    kept.write_bytes(b"damaged")
    again = fast("replay", made["pack"])
    assert (again.code, again.out) == (0, made["text"])
    assert "damaged" in again.err and "the hash matches" in again.err
    kept.unlink()
    document = json.loads(fast("replay", made["pack"], "--json").out)
    assert document["data"] == {"pack": made["pack"], "source": "recomputed", "matches": True, "text": made["text"]}
    assert document["warnings"] == [] and fast("replay", made["pack"], "-q").err == ""


@pytest.mark.usefixtures("store")
def test_for_a_hook_and_a_tiny_budget(fast: Mem) -> None:
    made = fast(
        "hydrate", "--for", "compact", "--budget", "100000", "--task", "ledger", "--path", "src/app.py", "--json"
    )
    assert made.json()["chars"] <= 9000
    tiny = fast("hydrate", "--budget", "3")
    assert (tiny.code, tiny.out) == (0, "") and "too small" in tiny.err


@pytest.mark.usefixtures("store")
@pytest.mark.parametrize(("words", "code"), [
    (("replay", "abcdef012345"), 4), (("replay", "xyz"), 2), (("replay", "-"), 2), (("replay",), 2),
    (("hydrate", "--budget", "0"), 2), (("hydrate", "--for", "lunch"), 2), (("hydrate", "--session", "none"), 0),
    (("hydrate", "--session", "no-such"), 4), (("hydrate", "--path", "../../etc", "--path", "\n", "--path", "*"), 0),
    (("hydrate", "--task", "\x1b]0;x\x07 \" OR 1=1 --"), 0),
])  # fmt: skip
def test_exit_codes(words: tuple[str, ...], code: int, fast: Mem) -> None:
    done = fast(*words)
    assert done.code == code and "Traceback" not in done.err and "internal error" not in done.err
    assert code == 0 or "hint: " in done.err


def test_without_a_store_and_with_an_empty_one(fast: Mem, repo: Repo) -> None:
    assert fast("hydrate").code == fast("replay", "abcdef").code == 3
    fast("init")
    done = fast("hydrate")
    assert (done.code, done.out) == (0, "") and "nothing is recorded" in done.err
    assert repo.git("status", "--porcelain") == ""
