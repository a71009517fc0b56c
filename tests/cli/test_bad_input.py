"""Bad input: a documented exit code, one clear error with the next step, nothing changed, never a traceback."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pygit2
import pytest

from tests.conftest import Mem, Repo, Result

ID = "01K9Z3V5C4M8Q2T7R6W1XABCDE"
GOOD = (
    f"---\nid: {ID}\ntitle: A good one\nkind: semantic\ntype: fact\ntopic: general\nstatus: active\n"
    "created: 2026-01-01T00:00:00Z\nmodified: 2026-01-01T00:00:00Z\n---\nGood body about webhooks.\n"
)


def state(repo: Repo) -> tuple[str, list[str], list[str]]:
    """What must not change: refs, what waits or was set aside, files of the tree."""
    journal = repo.path / ".git/mem/journal"
    waiting = [file.name for file in journal.rglob("*") if file.is_file() and "done" not in file.parts]
    files = [str(file) for file in repo.path.rglob("*") if ".git" not in file.relative_to(repo.path).parts]
    return repo.git("for-each-ref"), waiting, sorted(files)


def refused(done: Result, code: int, words: str = "") -> None:
    """One `error:` and one `hint:` on stderr, nothing on stdout."""
    assert (done.code, done.out) == (code, ""), done
    lines = done.err.splitlines()
    assert lines[0].startswith("error: ") and words in lines[0], done.err
    assert lines[1].startswith("hint: ") and len(lines) == 2, done.err
    assert "Traceback" not in done.err and "internal error" not in done.err


@pytest.fixture
def store(repo: Repo, fast: Mem) -> Repo:
    """A store with one memory, and a session `mine` with one candidate."""
    fast("init")
    fast("add", "Deploys happen on Tuesdays.", "--promote")
    fast("session", "start", "mine")
    fast("add", "The queue retries webhooks.")
    (repo.path / ".git/mem/session").unlink()  # the person's current session is none
    return repo


LONG = "t" * 121
ADDS: dict[str, tuple[int, tuple[str | bytes, ...], str]] = {
    "nothing": (2, (), "needs a body"),
    "empty": (2, ("",), "needs a body"),
    "blank": (2, (" \n\t ",), "needs a body"),
    "NUL": (2, ("a\0b",), "NUL"),
    "not UTF-8": (2, (b"bad \xff\xfe bytes",), "not UTF-8"),
    "title not UTF-8": (2, ("x", "--title", b"\xff"), "not UTF-8"),
    "path not UTF-8": (2, ("x", "--path", b"src/\xff.py"), "not UTF-8"),
    "title over 120": (6, ("x", "--title", LONG), "at most 120 characters"),
    "title of two lines": (6, ("x", "--title", "a\nb"), "one line"),
    "escape in the title": (6, ("x", "--title", "a\x1b[31mred"), "terminal-escape"),
    "escape in the body": (6, ("x\x1b]0;owned\x07",), "terminal-escape"),
    "C1 control in the body": (6, ("x\x9b31m",), "terminal-escape"),
    "direction override": (6, ("user\u202egnp.exe",), "terminal-escape"),
    "traversal in the topic": (6, ("x", "--topic", "../../etc"), "topic"),
    "traversal in a path": (6, ("x", "--path", "../../etc/passwd"), "path-safety"),
    "traversal in the middle": (6, ("x", "--path", "src/../../x"), "path-safety"),
    "absolute path": (6, ("x", "--path", "/etc/passwd"), "path-safety"),
    "Windows path": (6, ("x", "--path", "..\\..\\x"), "path-safety"),
    "drive": (6, ("x", "--path", "C:\\x"), "path-safety"),
    "git directory": (6, ("x", "--path", ".git/config"), "path-safety"),
    "key with spaces": (6, ("x", "--key", "a b"), "key"),
    "key too long": (6, ("x", "--key", "k" * 201), "key"),
    "unknown kind": (2, ("x", "--kind", "magic"), "kind"),
    "unknown evidence": (2, ("x", "--evidence", "magic"), "evidence"),
    "confidence": (2, ("x", "--confidence", "7"), "confidence"),
    "date": (2, ("x", "--valid-from", "tomorrow"), "--valid-from"),
    "impossible date": (2, ("x", "--expires", "2026-13-45"), "--expires"),
    "tag": (6, ("x", "--tag", "../x y"), "tags"),
    "too large": (6, ("x" * 70_000,), "at most 65,536"),
    "secret": (6, ("the key is AKIA" + "Z7QHXTLMNO4PWRSV",), "secret"),
    "session name": (2, ("x", "--session", "Bad Name"), "session's name"),
    "session traversal": (2, ("x", "--session", "../../x"), "session's name"),
    "session none": (2, ("x", "--session", "none"), "'none'"),
    "session spool": (2, ("x", "--session", "spool"), "reserved"),
    "session of a dream": (2, ("x", "--session", "dream-1"), "reserved"),
    "unknown option": (2, ("x", "--frobnicate"), "No such option"),
    "two texts": (2, ("x", "y"), "unexpected extra argument"),
    "batch from a file": (2, ("--batch", "file"), "--batch"),
}


@pytest.mark.parametrize("case", ADDS)
def test_add_refuses(case: str, store: Repo, fast: Mem) -> None:
    code, words, said = ADDS[case]
    before = state(store)
    refused(fast("add", *words), code, said)
    assert state(store) == before


NAMES = {
    "../../etc/passwd": "semantic/general/etc-passwd-",
    "CON": "semantic/general/note-",
    "aux": "semantic/general/note-",
    "nul.md": "semantic/general/nul-md-",
    "...": "semantic/general/note-",
    ".git/hooks/pre-commit": "semantic/general/git-hooks-pre-commit-",
    "--help": "semantic/general/help-",
    "权限检查": "semantic/general/note-",
    "a" * 120: "semantic/general/" + "a" * 48 + "-",
}


@pytest.mark.usefixtures("store")
@pytest.mark.parametrize("title", NAMES)
def test_a_title_never_leads_out_of_its_directory(title: str, fast: Mem) -> None:
    done = fast("add", "Some text.", f"--title={title}", "--json").json()
    assert done["path"] == f"{NAMES[title]}{done['id'][-6:]}.md"
    assert fast("show", done["id"], "--json").json()["title"] == title


@pytest.mark.usefixtures("store")
@pytest.mark.parametrize("topic", ["con", "nul", "com1"])
def test_a_device_name_is_no_directory(topic: str, fast: Mem) -> None:
    assert fast("add", "Some text.", "--topic", topic, "--json").json()["path"].startswith("semantic/general/")


BYTES: dict[str, tuple[int, bytes, str]] = {
    "ten megabytes": (6, b"x" * 10_000_000, "at most 65,536"),
    "more than is ever read": (2, b"x" * ((32 << 20) + 1), "32 MiB"),
    "binary": (2, bytes(range(256)) * 10, "no text|binary|UTF-8"),
    "random": (2, b"\x89PNG\r\n\x1a\n\xff\xfe", "UTF-8"),
    "NUL": (2, b"a\0b", "NUL"),
    "UTF-16": (2, "hello".encode("utf-16"), "NUL|UTF-8"),
    "empty": (2, b"", "needs a body"),
}


@pytest.mark.parametrize("case", BYTES)
def test_stdin_refuses(case: str, store: Repo, fast: Mem) -> None:
    code, data, said = BYTES[case]
    before = state(store)
    done = fast("add", "-", input=data)
    refused(done, code)
    assert any(word in done.err for word in said.split("|")), done.err
    assert state(store) == before


@pytest.mark.usefixtures("store")
def test_crlf_bom_and_decomposed_letters_are_normalised(fast: Mem) -> None:
    added = fast("add", "-", "--json", input="\ufeffCafe\u0301 is open\r\nsecond line\rthird\n".encode()).json()
    assert fast("show", added["id"], "--json").json()["body"] == "Café is open\nsecond line\nthird\n"


BATCHES = {
    "no JSON": "not json",
    "a list": "[1]",
    "a string": '"x"',
    "nothing": "\n\n",
    "deep": "[" * 100_000,
    "no body": '{"title": "x"}',
    "second line bad": '{"body": "fine"}\n{"body": ',
    "second line refused": '{"body": "fine"}\n{"body": "x", "title": "' + LONG + '"}',
    "half a character": '{"body": "x \\ud800"}',
    "half a character in the title": '{"body": "x", "title": "\\udfff"}',
    "a mapping as title": '{"body": "x", "title": {"a": 1}}',
    "escape": '{"body": "x \\u001b[31m"}',
}


@pytest.mark.parametrize("case", BATCHES)
def test_a_batch_is_all_or_nothing(case: str, store: Repo, fast: Mem) -> None:
    before = state(store)
    done = fast("add", "--batch", "-", input=BATCHES[case])
    assert done.code in (2, 6)
    refused(done, done.code)
    assert state(store) == before


COMMANDS: dict[str, tuple[int, tuple[str | bytes, ...], str]] = {
    "unknown command": (2, ("frobnicate",), "no such command"),
    "typo": (2, ("recal", "x"), "no such command: 'mem recal'"),
    "command not UTF-8": (2, (b"\xff",), "not UTF-8"),
    "unknown subcommand": (2, ("session", "begin"), "no such command"),
    "missing id": (2, ("show",), "Missing argument"),
    "missing query": (2, ("recall",), "Missing argument"),
    "unknown id": (4, ("show", "ZZZZZZ"), "no memory"),
    "strange id": (4, ("show", "%' OR 1=1 --"), "no memory"),
    "id not UTF-8": (2, ("show", b"\xff"), "not UTF-8"),
    "edit unknown": (4, ("edit", "ZZZZZZ", "--body", "x"), "no memory"),
    "retire unknown": (4, ("retire", "ZZZZZZ"), "no memory"),
    "supersede unknown": (4, ("supersede", "ZZZZZZ", "x"), "no memory"),
    "why unknown": (4, ("why", "ZZZZZZ"), "no memory"),
    "path unknown": (4, ("path", "ZZZZZZ"), "no memory"),
    "log unknown": (4, ("log", "ZZZZZZ"), "no memory"),
    "log of no key": (4, ("log", "--key", "no.such.key"), "no memory"),
    "review unknown": (4, ("review", "nobody"), "no candidate or open session has"),
    "promote unknown": (4, ("promote", "nobody"), "no candidate or open session has"),
    "promote unknown among others": (4, ("promote", "--all", "nobody"), "no candidate or open session has"),
    "promote a glob of nothing": (4, ("promote", "no-such/*"), "nothing that awaits review matches"),
    "reject unknown session": (4, ("reject", "--session", "nobody"), "no session 'nobody' awaits review"),
    "check unknown": (4, ("check", "nobody"), "no open session"),
    "resume unknown": (4, ("session", "resume", "nobody"), "no open session"),
    "close unknown": (4, ("session", "close", "nobody"), "no open session"),
    "show unknown session": (4, ("session", "show", "nobody"), "no open session"),
    "save unknown": (4, ("session", "save", "nobody"), "no open session"),
    "update unknown": (4, ("session", "update", "nobody"), "no open session"),
    "path of unknown": (4, ("session", "path", "--session", "nobody"), "no session"),
    "reject unknown": (4, ("reject", "ZZZZZZ"), "no candidate"),
    "promote only unknown": (4, ("promote", "mine", "--only", "ZZZZZZ"), "no candidate"),
    "save without worktree": (4, ("session", "save", "mine"), "no worktree"),
    "start a taken name": (5, ("session", "start", "mine"), "already open"),
    "start a reserved name": (2, ("session", "start", "spool"), "reserved"),
    "start outside": (2, ("session", "start", "../x"), "session's name"),
    "start a dream": (2, ("session", "start", "dream-1"), "reserved"),
    "moved on": (5, ("promote", "mine", "--expect", "mem/main"), "moved"),
    "unknown revision": (4, ("diff", "no-such-ref"), "is not a commit here"),
    "option as revision": (4, ("diff", "--", "--output=x"), "is not a commit here"),
    "undo unknown": (4, ("undo", "ZZZZ"), "no operation"),
    "policy key": (2, ("policy", "set", "run", "rm"), "no key"),
    "policy value": (2, ("policy", "set", "promote", "always"), "promote"),
    "policy duration": (2, ("policy", "set", "dream.every", "soon"), "duration"),
    "number": (2, ("list", "-n", "many"), "-n"),
    "range": (2, ("recall", "x", "-n", "0"), "-n"),
    "colour": (2, ("list", "--color", "blue"), "--color"),
    "no directory": (2, ("-C", "/no/such/place", "list"), "no such directory"),
    "no value": (2, ("-C",), "requires an argument"),
    "side": (2, ("resolve", "ZZZZZZ", "--take", "both"), "--take"),
    "editor without a terminal": (2, ("policy", "edit"), "terminal"),
    "decide without a terminal": (2, ("review", "mine", "-p"), "terminal"),
}


@pytest.mark.parametrize("case", COMMANDS)
def test_a_command_refuses(case: str, store: Repo, fast: Mem) -> None:
    code, words, said = COMMANDS[case]
    before = state(store)
    refused(fast(*words), code, said)
    as_json = fast("--json", *words)
    assert (as_json.code, as_json.out) == (code, "")
    document = json.loads(as_json.err)
    assert document["schema"] == "memcli/error@1" and document["error"].keys() == {
        "code",
        "message",
        "hint",
        "retryable",
        "exit",
    }
    assert document["error"]["exit"] == code and document["error"]["hint"]
    assert state(store) == before


@pytest.mark.usefixtures("store")
@pytest.mark.parametrize(
    "query", ['"unclosed', "a AND (", "NEAR(", "*", "-", "col:x", "'; DROP TABLE x;", "\x1b[2J", "é" * 5000]
)
def test_a_query_is_data(query: str, fast: Mem) -> None:
    done = fast("recall", "--json", "--", query)
    assert done.code == 0 and isinstance(done.json()["hits"], list)
    assert "\x1b" not in fast("recall", "--", query).out


def test_what_is_given_once_cannot_be_set(store: Repo, fast: Mem) -> None:
    memory_id = fast("list", "--session", "mine", "--json").json()["memories"][0]["id"]
    before = state(store)
    for pair in ("id=x", "created=2020-01-01", "source=x", "no-value"):
        refused(fast("edit", memory_id, "--set", pair), 2)
    assert state(store) == before


@pytest.mark.usefixtures("store")
def test_an_ambiguous_id_names_the_candidates(fast: Mem) -> None:
    listed = fast("list", "--json", env={"MEM_SESSION": "mine"}).json()["memories"]
    ids = sorted(memory["id"] for memory in listed)
    common = next(ids[0][:length] for length in range(25, 0, -1) if ids[1].startswith(ids[0][:length]))
    done = fast("show", common, "--session", "mine")
    refused(done, 2, f"is part of {len(ids)} ids")
    assert all(memory_id[-6:] in done.err for memory_id in ids)


@pytest.mark.parametrize(
    "words", [("list",), ("add", "x"), ("recall", "x"), ("promote",), ("session", "list")], ids=" ".join
)
def test_where_nothing_is(words: tuple[str, ...], repo: Repo, fast: Mem, tmp_path: Path) -> None:
    refused(fast(*words), 3, "no memory yet")
    refused(fast(*words, cwd=tmp_path), 3, "git repository")
    assert not (repo.path / ".mem").exists()


FORMATS = {"extensions.objectFormat": "sha256", "extensions.refStorage": "reftable"}


@pytest.mark.parametrize("setting", FORMATS)
@pytest.mark.parametrize("words", [("init",), ("list",), ("add", "x")], ids=" ".join)
def test_a_format_that_libgit2_cannot_open(setting: str, words: tuple[str, ...], repo: Repo, fast: Mem) -> None:
    config = repo.path / ".git/config"
    section, _, key = setting.partition(".")
    config.write_text(
        f"{config.read_text()}[core]\n\trepositoryFormatVersion = 1\n[{section}]\n\t{key} = {FORMATS[setting]}\n"
    )
    before = config.read_bytes()
    refused(fast(*words), 1, FORMATS[setting])
    assert config.read_bytes() == before and not (repo.path / ".git/refs/heads/mem").exists()


def test_a_real_sha256_repository(fast: Mem, tmp_path: Path) -> None:
    place = tmp_path / "sha256"
    made = subprocess.run(["git", "init", "-q", "--object-format=sha256", str(place)], capture_output=True)
    if made.returncode:
        pytest.skip("needs a git with sha256 repositories (2.29)")
    refused(fast("init", cwd=place), 1, "sha256")


def test_a_branch_called_mem_is_in_the_way(repo: Repo, fast: Mem) -> None:
    repo.git("branch", "mem")
    before = repo.git("for-each-ref")
    done = fast("init")
    refused(done, 5, "'mem'")
    assert "--branch" in done.err and repo.git("for-each-ref") == before
    refused(fast("init", "--branch", "a..b"), 2, "branch name")
    assert fast("init", "--branch", "memory/main", "--json").json()["branch"] == "memory/main"
    assert fast("add", "It works there too.", "--promote").code == 0


def test_a_reader_that_leaves_is_no_error(store: Repo) -> None:
    command = f"{sys.executable} -m memcli list --json | true; echo ${{PIPESTATUS[0]}}"
    done = subprocess.run(["bash", "-c", command], cwd=store.path, capture_output=True, text=True)
    assert (done.stdout.strip(), done.stderr) == ("0", "")


def test_streams_that_are_closed(store: Repo) -> None:
    for ending in ("<&-", ">&-", "2>&-"):
        done = subprocess.run(["bash", "-c", f"{sys.executable} -m memcli list {ending}"], cwd=store.path,
                              capture_output=True, text=True)  # fmt: skip
        assert done.returncode in (0, 1) and "Traceback" not in done.stderr, ending


def test_a_full_device_is_an_error(store: Repo) -> None:
    done = subprocess.run(["bash", "-c", f"{sys.executable} -m memcli list >/dev/full"], cwd=store.path,
                          capture_output=True, text=True)  # fmt: skip
    assert done.returncode == 1 and done.stderr.startswith("error: ") and "Traceback" not in done.stderr


@pytest.mark.usefixtures("store")
def test_an_environment_that_is_no_text(mem: Mem) -> None:
    """Names from the environment reach commits and JSON; strange ones are written with a question mark."""
    strange = os.fsdecode(b"a\xff\nMem-State: promoted")
    for name in ("MEM_AGENT", "USER", "GIT_AUTHOR_NAME", "GIT_AUTHOR_EMAIL", "CLAUDE_CODE_SESSION_ID"):
        done = mem("add", f"Written by {name}.", "--json", env={name: strange, "CLAUDECODE": "1"})
        assert done.code == 0 and done.json()["state"] == "committed", (name, done)
    states = {one["state"] for one in mem("session", "list", "--all", "--json").json()["sessions"]}
    assert states == {"open"} and len(mem("session", "list", "--json").json()["sessions"]) >= 2
    refused(mem("list", env={"MEM_SESSION": strange}), 2, "session's name")
    refused(mem("add", "x", env={"GIT_COMMITTER_DATE": "yesterday"}), 2, "GIT_COMMITTER_DATE")


def test_a_directory_whose_name_is_no_text(repo: Repo, fast: Mem, tmp_path: Path) -> None:
    place = Path(os.fsdecode(os.fsencode(tmp_path) + b"/caf\xe9"))
    repo.git("clone", "-q", ".", str(place))
    assert fast("init", cwd=place).code == 0
    worktree = fast("session", "start", "here", "--worktree", cwd=place)
    assert worktree.code == 0
    note = place / ".mem/here/semantic/general/note.md"
    note.parent.mkdir(parents=True)
    note.write_text("Written beside a strange name.\n")
    assert fast("promote", "here", cwd=place).code == 0
    assert "strange name" in fast("recall", "strange name", cwd=place).out
    assert {one["name"] for one in fast("doctor", "--json", cwd=place).json()["checks"] if not one["ok"]} == set()


# a session's worktree, where anybody writes anything


@pytest.fixture
def files(store: Repo, fast: Mem) -> Path:
    """The worktree of the session `files` in `store`."""
    return Path(fast("session", "start", "files", "--worktree", "--json", cwd=store.path).json()["worktree"])


def put(files: Path, name: str, data: str | bytes) -> Path:
    file = files / "semantic/general" / name
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(data.encode() if isinstance(data, str) else data)
    return file


FILES: dict[str, str | bytes] = {
    "unterminated": "---\nid: x\ntitle: y\n",
    "unclosed list": "---\ntags: [a, b\n---\nx\n",
    "anchors": "---\ntitle: &a x\ntopic: *a\n---\nx\n",
    "bomb": "---\na: &a [x]\nb: &b [*a, *a]\nc: [*b, *b]\n---\nx\n",
    "tag": "---\ntitle: !!python/object/apply:os.system [id]\n---\nx\n",
    "duplicate keys": "---\ntitle: a\ntitle: b\n---\nx\n",
    "deep": "---\na: " + "{a: " * 5000 + "\n---\nx\n",
    "wide": "---\ntags: [" + "a, " * 5000 + "]\n---\nx\n",
    "half a character": '---\ntitle: "\\ud800"\n---\nx\n',
    "escape in a string": '---\ntitle: "\\e[31m"\n---\nx\n',
    "escape in the body": "x\x1b[31m red\n",
    "not UTF-8": b"caf\xe9\n",
    "binary": bytes(range(256)) * 100,
    "ten megabytes": b"x" * 10_000_000,
    "bad id": "---\nid: ../../x\n---\nx\n",
    "bad path": "---\npaths: [../../etc/passwd]\n---\nx\n",
    "bad date": "---\nvalid_from: tomorrow\n---\nx\n",
    "a list": "---\n- a\n- b\n---\nx\n",
    "secret": "the key is AKIA" + "Z7QHXTLMNO4PWRSV\n",
}


@pytest.mark.parametrize("case", FILES)
def test_a_bad_file_is_a_finding_and_blocks_nothing_else(case: str, files: Path, store: Repo, fast: Mem) -> None:
    bad = put(files, "bad.md", FILES[case])
    before = state(store)[:2]
    done = fast("session", "save", "files", "--json")
    assert done.code == 6 and "Traceback" not in done.err, done
    findings = [one for one in done.json()["findings"] if one["severity"] == "block"]
    assert findings and all(one["message"] and one["next"] for one in findings)
    assert state(store)[:2] == before
    assert bad.read_bytes() == (FILES[case] if isinstance(FILES[case], bytes) else str(FILES[case]).encode())
    put(files, "good.md", "A good one beside it.\n")
    assert [one.rpartition("/")[2] for one in fast("session", "save", "files", "--json").json()["saved"]] == ["good.md"]
    text = fast("session", "save", "files")
    assert "\x1b" not in text.out + text.err


def test_crlf_and_bom_in_a_file(files: Path, fast: Mem) -> None:
    put(files, "windows.md", b"\xef\xbb\xbf" + GOOD.replace("\n", "\r\n").encode())
    assert fast("session", "save", "files").code == 0
    assert fast("show", ID, "--json").json()["body"] == "Good body about webhooks.\n"


def test_a_copied_file_brings_its_id_along(files: Path, fast: Mem) -> None:
    original = put(files, "one.md", GOOD)
    assert fast("session", "save", "files").code == 0
    put(files, "two.md", original.read_bytes())
    done = fast("session", "save", "files", "--json")
    assert done.code == 6 and any("id" in one["message"] for one in done.json()["findings"])
    assert [one["path"] for one in fast("session", "show", "files", "--json").json()["changes"]] == [
        "semantic/general/one.md"
    ]


def test_two_new_files_of_one_id(files: Path, fast: Mem) -> None:
    put(files, "one.md", GOOD)
    put(files, "two.md", GOOD.replace("Good body", "Another body"))
    done = fast("session", "save", "files", "--json")
    assert done.code == 6
    assert len(fast("session", "show", "files", "--json").json()["changes"]) <= 1


def test_what_is_no_regular_file_is_never_read(files: Path, store: Repo, fast: Mem, tmp_path: Path) -> None:
    """Links, pipes, sockets' cousins and directories that are named like memories."""
    outside = tmp_path / "secret.md"
    outside.write_text("Never to be read.\n")
    place = put(files, "real.md", "A real one.\n").parent
    (place / "link.md").symlink_to(outside)
    (place / "loop.md").symlink_to("loop.md")
    (place / "broken.md").symlink_to("/nowhere")
    os.mkfifo(place / "pipe.md")
    (place / "directory.md").mkdir()
    (files / "semantic/linked").symlink_to(tmp_path)
    (files / "semantic/up").symlink_to("..")
    done = fast("session", "save", "files", "--json")
    assert done.code in (0, 6) and done.json()["saved"] == ["semantic/general/real.md"]
    assert "Never to be read" not in store.git("log", "-p", "--all")
    assert fast("promote", "files", "--yes").code == 0
    assert outside.read_text() == "Never to be read.\n"


def test_names_that_no_store_may_have(files: Path, store: Repo, fast: Mem) -> None:
    for name in (b"bad\xff.md", b"new\nline.md", b"esc\x1b[31m.md", b".hidden", b"-rf.md"):
        put(files, os.fsdecode(name), f"About {name!r}.\n")
    done = fast("session", "save", "files")
    assert done.code in (0, 6) and "\x1b" not in done.out and "Traceback" not in done.err, done
    assert fast("promote", "files").code == 0
    names = store.git("ls-tree", "-r", "-z", "--name-only", "mem/main").split("\0")
    assert not [name for name in names if any(letter in name for letter in "\x1b\n\udcff")]


def test_a_worktree_whose_git_file_is_gone(files: Path, fast: Mem) -> None:
    put(files, "one.md", "Written before.\n")
    (files / ".git").unlink()
    done = fast("session", "save", "files")
    assert done.code in (1, 4) and done.err.startswith("error: ") and "hint: " in done.err
    assert fast("status").code == 0


# a store that somebody else made by hand


def tree(repo: Repo, files: Mapping[str, tuple[str, bytes]]) -> str:
    """A tree of `{path: (mode, bytes)}`, made with plumbing."""
    lines = []
    for path, (mode, data) in files.items():
        blob = subprocess.run(["git", "hash-object", "-w", "--stdin"], cwd=repo.path, input=data, capture_output=True)
        target = data.decode() if mode == "160000" else blob.stdout.decode().strip()
        lines.append(f"{mode} {target}\t{path}")
    env = {"GIT_INDEX_FILE": str(repo.path.parent / "scratch-index")}
    repo.git("read-tree", "--empty", env=env)
    repo.git("update-index", "--add", "--index-info", input="\n".join(lines) + "\n", env=env)
    return repo.git("write-tree", env=env)


def push(repo: Repo, made: str, message: str = "by hand") -> None:
    """Make a tree the store's, as a `git push` from elsewhere does."""
    commit = repo.git("commit-tree", made, "-p", "mem/main", "-m", message)
    repo.git("update-ref", "refs/heads/mem/main", commit)


def raw_tree(repo: Repo, entries: Sequence[tuple[bytes, bytes, str]]) -> str:
    """A tree object as no git would write it: (mode, name, object id)."""
    data = b"".join(mode + b" " + name + b"\0" + bytes.fromhex(target) for mode, name, target in entries)
    return str(pygit2.Repository(str(repo.path)).odb.write(pygit2.enums.ObjectType.TREE, data))


def hostile(repo: Repo) -> None:
    """Everything at once: links, submodules, unreadable files, escapes, names with slashes and without text."""
    good = GOOD.encode()
    head = repo.git("rev-parse", "HEAD")
    escapes = GOOD.replace(ID, ID[:-1] + "F").replace("Good body", "\x1b]0;owned\x07 Red \x1b[31m").encode()
    inner = tree(repo, {
        "good.md": ("100644", good), "escapes.md": ("100644", escapes), "link.md": ("120000", b"/etc/passwd"),
        "sub.md": ("160000", head.encode()), "nul.md": ("100644", b"a\0b"), "huge.md": ("100644", b"x" * 3_000_000),
        "bad.md": ("100644", b"---\nid: [\n"), "noid.md": ("100644", b"just text\n"),
        "half.md": ("100644", good.replace(b"A good one", b'"\\ud800 \\e[31m"')),
        "executable.md": ("100755", good.replace(ID.encode(), ID[:-1].encode() + b"G")),
    })  # fmt: skip
    blob = repo.git("rev-parse", f"{inner}:executable.md")
    odd = [
        (b"100644", name, blob) for name in (b"..", b".git", b"a/b.md", b"bad\xff.md", b"new\nline.md", b"\x1b[31m.md")
    ]
    deep = blob
    for _ in range(1500):
        deep = raw_tree(repo, [(b"40000" if deep != blob else b"100644", b"d" if deep != blob else b"d.md", deep)])
    top = raw_tree(
        repo,
        [(b"40000", b"deep", deep), (b"40000", b"general", inner), (b"40000", b"odd", raw_tree(repo, sorted(odd)))],
    )
    page = tree(repo, {"MEMORY.md": ("100644", b"\x1b[31m"), "policy.yaml": ("100644", b"promote: [: invalid"),
                       "episodic": ("160000", head.encode()), "procedural": ("120000", b"/etc")})  # fmt: skip
    lines = repo.git("ls-tree", page) + f"\n040000 tree {top}\tsemantic\n"
    push(repo, repo.git("mktree", input=lines), "by hand \x1b[31m\n\nMem-Session: \x1b[32mevil")


READING: tuple[tuple[str, ...], ...] = (
    ("list",), ("list", "--all", "--json"), ("recall", "webhooks"), ("recall", "Red owned"), ("show", ID), ("why", ID),
    ("log",), ("log", ID), ("diff", "mem/main~1", "mem/main"), ("status",), ("policy",), ("resolve",), ("path", ID),
    ("index", "status"), ("index", "verify"), ("index", "rebuild"), ("bootstrap", "--dry-run"), ("check",),
    ("session", "list"), (), ("show", ID[:-1] + "F"), ("show", ID[:-1] + "G"),
)  # fmt: skip


def test_a_hostile_store_is_read(store: Repo, fast: Mem) -> None:
    """What can be read is read, what cannot is reported, and nothing reaches the terminal as an escape."""
    hostile(store)
    before = store.git("for-each-ref", "refs/heads")
    for words in READING:
        done = fast(*words)
        assert done.code == 0, (words, done)
        assert not set("\x1b\x07\x9b") & set(done.out + done.err), words
    ids = {one["id"] for one in fast("list", "--all", "--json").json()["memories"]}
    assert {ID, ID[:-1] + "F", ID[:-1] + "G"} <= ids
    assert "root:" not in fast("recall", "root bin bash", "--full").out
    doctor = fast("doctor", "--json")
    bad = {one["message"].split(":")[0] for one in doctor.json()["checks"] if not one["ok"]}
    assert (
        doctor.code == 1 and {f"semantic/general/{name}.md" for name in ("bad", "half", "huge", "noid", "nul")} <= bad
    )
    assert store.git("for-each-ref", "refs/heads") == before


def test_a_hostile_store_can_be_written_on(store: Repo, fast: Mem) -> None:
    hostile(store)
    assert fast("session", "start", "after").code == 0
    assert fast("add", "Written after the attack.").code == 0
    assert fast("promote", "after", "--yes").code == 0
    assert "Written after the attack" in fast("list").out
    done = fast("session", "start", "worktree", "--worktree")
    assert done.code in (0, 1) and "Traceback" not in done.err
    assert done.code == 0 or "hint: " in done.err


def test_a_policy_by_hand_that_is_invalid(store: Repo, fast: Mem) -> None:
    """Defaults with `promote: person` are in force, and doctor says so; a correct one can be proposed over it."""
    made = tree(store, {"policy.yaml": ("100644", b"promote: always\ndream: {max_retire_percent: 100}\n")})
    push(store, made)
    doctor = fast("doctor", "--json")
    assert doctor.code == 1
    assert [one["name"] for one in doctor.json()["checks"] if not one["ok"]] == ["policy"]
    shown = fast("policy", "--json")
    assert shown.json()["policy"]["promote"] == "person" and json.loads(shown.out)["warnings"]
    agent = {"CLAUDECODE": "1"}
    fast("session", "start", "agents", env=agent)
    fast("add", "An agent's claim.", "--session", "agents", env=agent)
    assert fast("promote", "agents", "--yes", env=agent).code == 6


def test_refs_that_are_broken(store: Repo, fast: Mem) -> None:
    """A session's ref that points nowhere, and one whose name is no session's."""
    place = store.path / ".git/refs/mem/sessions"
    (place / "lost").write_text("0123456789012345678901234567890123456789\n")
    (place / "torn").write_text("")
    (place / "Strange Name").write_text(store.git("rev-parse", "mem/main") + "\n")
    for words in (
        ("status",),
        ("list",),
        ("session", "list"),
        (),
        ("doctor",),
        ("add", "x", "--session", "mine"),
    ):
        done = fast(*words)
        assert "Traceback" not in done.err and "internal error" not in done.err, (words, done)
        assert done.code == 0 or (done.err.startswith("error: ") and "hint: " in done.err) or words == ("doctor",), (
            words,
            done,
        )


def test_a_spool_that_somebody_else_filled(store: Repo, fast: Mem) -> None:
    """The spool lies in the user's tree: a cloned repository may bring one along."""
    spool = store.path / ".mem/spool"
    spool.mkdir(parents=True)
    edit = {"path": "../../.git/hooks/pre-commit", "id": ID, "base_blob": None, "text": "#!/bin/sh\n"}
    entry: dict[str, Any] = {"v": 1, "op": ID, "verb": "add", "session": "mine", "actor": "x", "agent": None,
                             "at": "2026-01-01T00:00:00Z", "edits": [edit], "note": {}}  # fmt: skip
    (spool / ID).write_text(json.dumps(entry))
    (spool / (ID[:-1] + "F")).write_text("not json")
    (spool / (ID[:-1] + "G")).write_bytes(b"\xff\0")
    (spool / (ID[:-1] + "H")).write_text(json.dumps({**entry, "session": "../x", "edits": []}))
    (spool / (ID[:-1] + "J")).symlink_to("/etc/passwd")
    assert fast("add", "Still works.", "--json").json()["state"] == "committed"
    assert not (store.path / ".git/hooks/pre-commit").exists()
    failed = fast("status", "--json").json()["failed"]
    assert len(failed) >= 3
