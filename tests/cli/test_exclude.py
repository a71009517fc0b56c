"""Excluded code paths, by the command line: neither captured nor shown; the user's lines stay as they are."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.conftest import Mem, Repo

ADR = "# Rotate keys\n\n## Status\n\nAccepted\n\n## Decision\n\nWe rotate the signing keys every 90 days.\n"
AGENT = {"MEM_AGENT": "robot"}


@pytest.fixture
def store(mem: Mem, repo: Repo) -> Mem:
    repo.commit("more", {"secrets/key.py": "KEY = 1\n", "docs/adr/0001-keys.md": ADR})
    assert mem("init").code == 0
    return mem


def excludes(mem: Mem) -> list[tuple[str, str]]:
    return [(one["glob"], one["origin"]) for one in mem("exclude", "list", "--json").json()["excludes"]]


def added(mem: Mem, *arguments: str) -> Any:
    done = mem("add", *arguments, "--promote", "--json")
    assert done.code == 0, done.err
    return done


def held(repo: Repo) -> set[str]:
    """Every ref, and every file below the store's directory but the index and the lock."""
    files = (repo.path / ".git/mem").rglob("*")
    kept = {str(file) for file in files if file.is_file() and "index" not in file.parts and file.name != "lock"}
    return kept | set(repo.git("for-each-ref").split("\n"))


def test_add_list_and_rm_are_each_others_inverse(store: Mem, repo: Repo) -> None:
    before = held(repo)
    first = store("exclude", "add", "secrets/", "--json").json()
    assert first["changed"] and first["origin"] == "own"
    assert not store("exclude", "add", "secrets/", "--json").json()["changed"]
    assert store("exclude", "add", "*.pem", "--shared").code == 0
    assert (repo.path / ".memignore").read_text() == "*.pem\n"
    assert excludes(store) == [("*.pem", "shared"), ("secrets/", "own")]
    assert repo.git("status", "--porcelain") == "?? .memignore"
    wrong = store("exclude", "rm", "*.pem")
    assert wrong.code == 4 and "--shared" in wrong.err
    assert store("exclude", "rm", "*.pem", "--shared").code == store("exclude", "rm", "secrets/").code == 0
    assert excludes(store) == [] and not (repo.path / ".memignore").exists()
    assert held(repo) == before


@pytest.mark.parametrize("text", ["# ours\r\n*.key\r\n", "*.key", "\ufeff# é\n\n!a\n*.key\n\n"])
def test_the_users_lines_stay_to_the_byte(store: Mem, repo: Repo, text: str) -> None:
    file = repo.path / ".memignore"
    file.write_bytes(text.encode())
    store("exclude", "add", "x/", "--shared")
    assert file.read_bytes().startswith(text.encode()) and "x/\n" in file.read_text()
    store("exclude", "rm", "x/", "--shared")
    assert file.read_bytes() == (text if text.endswith("\n") else text + "\n").encode()


@pytest.mark.parametrize("glob", ["", "#x", "a[", "../x", "./x", "a\nb", "/"])
def test_a_glob_that_matches_nothing_is_refused(store: Mem, glob: str) -> None:
    assert store("exclude", "add", glob).code == 2
    assert excludes(store) == []


def test_agents_exclude_but_bring_nothing_back(store: Mem) -> None:
    assert store("exclude", "add", "secrets/", env=AGENT).code == 0
    assert store("exclude", "rm", "secrets/", env=AGENT).code == 6
    assert store("exclude", "add", "!secrets/", env=AGENT).code == 6
    assert excludes(store) == [("secrets/", "own")]


def test_nothing_that_names_an_excluded_path_is_written(store: Mem, repo: Repo) -> None:
    store("exclude", "add", "secrets/")
    kept = added(store, "Retries are 7.", "--path", "src/app.py").json()["id"]
    before = held(repo)
    batch = '{"body": "fine"}\n{"body": "Rule.", "holds_if": ["secrets/key.py contains KEY"]}\n'
    tries = [
        store("add", "Keys are 1.", "--path", "secrets/key.py", "--json"),
        store("add", "Keys are 1.", "--path", "./secrets/", "--json"),
        store("add", "Keys are 1.", "--ref", "secrets/key.py:1", "--json"),
        store("add", "--batch", "-", input=batch),
        store("edit", kept, "--path", "secrets/key.py"),
        store("edit", kept, "--set", "holds_if=secrets/key.py exists"),
    ]
    assert [one.code for one in tries] == [6] * len(tries)
    assert all("excluded" in one.err for one in tries)
    assert held(repo) == before


def test_a_file_of_a_worktree_that_names_one_is_not_saved(store: Mem, repo: Repo) -> None:
    store("session", "start", "line", "--worktree")
    store("exclude", "add", "secrets/")
    file = repo.path / ".mem/line/semantic/general/key.md"
    file.parent.mkdir(parents=True)
    file.write_text("---\ntitle: Keys\npaths: [secrets/key.py]\n---\nKeys are 1.\n")
    done = store("session", "save", "line", "--json")
    assert done.code == 6
    assert [one["check"] for one in done.json()["findings"]] == ["excluded"]
    assert store("review", "line", "--json").json()["candidates"] == []


def test_what_was_proposed_before_is_not_promoted(store: Mem) -> None:
    store("session", "start", "line")
    store("add", "Keys are 1.", "--path", "secrets/key.py")
    store("exclude", "add", "secrets/", "--shared")
    assert store("promote", "line", "--yes").code == 6
    store("exclude", "rm", "secrets/", "--shared")
    assert store("promote", "line", "--yes").code == 0


def test_bootstrap_reads_no_excluded_file(store: Mem) -> None:
    found = store("bootstrap", "--dry-run", "--json").out
    assert "0001-keys.md" in found
    store("exclude", "add", "docs/adr/")
    assert "0001-keys.md" not in store("bootstrap", "--dry-run", "--json").out
    assert "90 days" not in store("bootstrap", "docs", "--dry-run", "--json").out


def test_agents_are_not_shown_what_is_about_excluded_paths_alone(store: Mem) -> None:
    only = added(store, "The rotation of keys takes 90 days.", "--path", "secrets/key.py", "--pin").json()["id"]
    paper, clients = (
        "A paper compares ways of rotation for keys in banks.",
        "After a rotation of keys clients ask twice.",
    )
    told = added(store, paper, "--ref", "secrets/key.py#L1").json()["id"]
    both = added(store, clients, "--path", "secrets/key.py", "--path", "src/app.py").json()["id"]
    ids = {only, told, both}
    asked = ("recall", "rotation of keys", "--json")
    assert {hit["id"] for hit in store(*asked, env=AGENT).json()["hits"]} == ids
    store("exclude", "add", "secrets/")
    for arguments, env in ((asked, AGENT), (asked, {}), ((*asked, "--all"), AGENT)):
        found = store(*arguments, env=env).json()
        assert {hit["id"] for hit in found["hits"]} == ids - {only, told}
        assert found["excluded"] == 2
    assert {hit["id"] for hit in store(*asked, "--all").json()["hits"]} == ids
    pack = store("hydrate", "--task", "rotation of keys", "--path", "secrets/key.py", "--json", env=AGENT).json()
    assert {one["id"] for one in pack["items"]} == ids - {only, told}
    assert {"section": "excluded", "count": 2, "command": "mem list --all"} in pack["sections_left_out"]
    assert "90 days" not in pack["text"] and "secrets" not in pack["text"]
    assert {one["id"] for one in store("list", "--json", env=AGENT).json()["memories"]} == ids - {only, told}
    assert store("show", only, env=AGENT).code == 6
    assert store("show", only).code == store("retire", only).code == 0


def test_a_file_that_cannot_be_read_excludes_everything_rather_than_nothing(store: Mem, repo: Repo) -> None:
    (repo.path / ".memignore").symlink_to(Path("/etc/passwd"))
    for arguments in (("add", "x"), ("recall", "x"), ("hydrate",), ("exclude", "list")):
        done = store(*arguments)
        assert done.code == 1 and ".memignore" in done.err and "root:" not in done.out + done.err


def test_agents_find_no_way_around_an_exclude(store: Mem, repo: Repo) -> None:
    only = added(store, "Zqmark takes 90 days.", "--title", "Zqmark", "--path", "secrets/key.py", "--pin").json()["id"]
    pack = store("hydrate", "--json").json()["pack"]
    store("exclude", "add", "secrets/")
    place = repo.path / ".mem/line"
    assert store("session", "start", "line", "--worktree", env=AGENT).code == 0
    said = [store(*words, env=AGENT) for words in (("log",), ("diff",), ("session", "path", "--all"))]
    asked = (("path", only), ("why", only), ("log", only), ("edit", only, "--body", "x"), ("retire", only))
    refused = [store(*words, env=AGENT) for words in (*asked, ("replay", pack), ("session", "path", only))]
    assert [one.code for one in said] == [0] * len(said)
    assert [one.code for one in refused] == [6] * len(refused)
    assert not [one for one in (*said, *refused) if "zqmark" in (one.out + one.err).lower()]
    assert [file.name for file in place.rglob("*.md")] == ["MEMORY.md"]
    assert "Zqmark" not in (place / "MEMORY.md").read_text()
    assert "Zqmark" in store("log").out and store("replay", pack).code == store("path", only).code == 0


def test_agents_are_not_shown_what_was_proposed_before(store: Mem) -> None:
    assert store("session", "start", "keys").code == 0
    assert store("add", "The signing key turns every month.", "--path", "secrets/key.py").code == 0
    assert store("add", "Deploys happen on Tuesdays.").code == 0
    assert store("exclude", "add", "secrets/").code == 0
    reads = [("review",), ("review", "keys"), ("review", "--plain"), ("session", "show", "keys"), ()]
    for words in [*reads, *((*words, "--json") for words in reads), ("review", "-o", "-")]:
        told = store(*words, env=AGENT).out
        assert "Tuesdays" in told and "signing key" not in told, words
        assert "signing key" in store(*words).out, words


def test_no_curator_is_given_what_is_excluded(store: Mem, repo: Repo) -> None:
    store("session", "start", "line")
    store("add", "Zqmark takes 90 days.", "--path", "secrets/key.py")
    store("add", "Retries are 7.", "--path", "src/app.py")
    store("exclude", "add", "secrets/")
    for job in ("distil", "review", "generalise"):
        assert store("curate", job, "line", "--prepare", f"../{job}").code == 0
        pages = [file.read_text() for file in (repo.path.parent / job).rglob("*") if file.is_file()]
        assert any("Retries" in page for page in pages) and not any("Zqmark takes" in page for page in pages)


def test_nothing_private_is_excluded(store: Mem) -> None:
    assert store("exclude", "add", "a/<private>b</private>").code == 2
    assert excludes(store) == []


def test_a_line_behind_a_byte_order_mark_can_be_removed(store: Mem, repo: Repo) -> None:
    (repo.path / ".memignore").write_bytes("\ufeff*.pem\r\n*.key\r\n".encode())
    assert store("exclude", "rm", "*.pem", "--shared").code == 0
    assert excludes(store) == [("*.key", "shared")]
