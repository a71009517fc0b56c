"""What `mem complete` offers: quick to ask, never an error, and nothing in the repository changes."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import pytest

from memcli.cli.app import load_command, program
from memcli.cli.command_table import COMMANDS, SYNONYMS
from memcli.cli.completion_values import SOURCES
from tests.conftest import Mem, Repo


@pytest.fixture
def ids(fast: Mem) -> dict[str, str]:
    """The ids of a promoted memory and of a candidate in the session `sandbox`; both are indexed."""
    fast("init")
    promoted = fast("add", "The queue owns failures.", "--topic", "payments", "--tag", "queue", "--key", "app.queue",
                    "--path", "src/app.py", "--promote", "--json").json()["id"]  # fmt: skip
    fast("session", "start", "sandbox", "--task", "try it")
    candidate = fast("add", "Deploys happen on Tuesdays.", "--session", "sandbox", "--json").json()["id"]
    fast("list")
    return {"promoted": promoted, "candidate": candidate}


def offers(mem: Mem, *words: str, cwd: Path | None = None) -> dict[str, str]:
    """Value → description of what is offered for the last word."""
    asked = mem("complete", "--", *words, cwd=cwd)
    assert (asked.code, asked.err) == (0, "")
    return dict(line.partition("\t")[::2] for line in asked.out.splitlines())


def test_all_commands_with_what_they_do(fast: Mem) -> None:
    assert offers(fast, "") == COMMANDS
    assert offers(fast, "reso") == {"resolve": COMMANDS["resolve"]}
    assert not SYNONYMS.keys() & offers(fast, "s").keys()


def test_an_option_that_was_given_is_not_offered_again(fast: Mem) -> None:
    assert "--task" in offers(fast, "session", "start", "--t")
    assert offers(fast, "session", "start", "--task", "x", "--t") == {}
    assert "--tag" in offers(fast, "list", "--tag", "x", "--ta")
    assert offers(fast, "session", "start", "--", "--t") == {}


def test_ids_are_short_or_whole_and_keep_their_case(fast: Mem, ids: dict[str, str]) -> None:
    short = ids["promoted"][-6:]
    assert offers(fast, "show", "") == {
        ids["candidate"][-6:]: "Deploys happen on Tuesdays",
        short: "The queue owns failures",
    }
    assert offers(fast, "show", short[:4].lower()) == {short.lower(): "The queue owns failures"}
    assert ids["promoted"] in offers(fast, "show", ids["promoted"][:12])
    assert list(offers(fast, "promote", "--only", "")) == [ids["candidate"][-6:]]
    assert offers(fast, "reject", "").keys() >= {"sandbox", ids["candidate"][-6:]}
    assert short not in offers(fast, "reject", "")


@pytest.mark.parametrize(
    ("words", "values"),
    [
        (("list", "--topic", ""), {"payments", "general"}),
        (("hydrate", "--for", "p"), {"prompt"}),
        (("list", "--tag="), {"--tag=queue"}),
        (("list", "--key", "app"), {"app.queue"}),
        (("add", "x", "--type", "dec"), {"decision"}),
        (("session", "close", "sa"), {"sandbox"}),
        (("stats", "--by", "w"), {"week"}),
        (("list", "--by", "ada"), {"Ada Example"}),
        (("session", "start", ""), set()),
        (("resolve", "x", "--keep", "b"), {"both"}),
        (("policy", "set", "checks.near"), {"checks.near-duplicate"}),
        (("policy", "set", "checks.near-duplicate", "b"), {"block"}),
        (("edit", "x", "--set", "evidence=t"), {"evidence=test"}),
        (("help", "session", "st"), {"start"}),
        (("help", "pl"), {"plumbing"}),
        (("completion", ""), {"bash", "zsh", "fish"}),
        (("sessions", "--al"), {"--all"}),
        (("recall", ""), set()),
        (("nosuch", ""), set()),
        (("show", "X", ""), set()),
    ],
)
@pytest.mark.usefixtures("ids")
def test_values(fast: Mem, words: tuple[str, ...], values: set[str]) -> None:
    assert offers(fast, *words).keys() == values


def test_sessions_tell_whose_they_are_and_what_about(fast: Mem, ids: dict[str, str]) -> None:
    assert ids and offers(fast, "session", "show", "sand") == {"sandbox": "Ada Example, try it"}


def test_operations_for_undo(fast: Mem, ids: dict[str, str]) -> None:
    assert ids and "add: Deploys happen on Tuesdays" in offers(fast, "undo", "").values()


def test_resolve_is_offered_what_has_questions(fast: Mem, ids: dict[str, str]) -> None:
    assert ids and offers(fast, "resolve", "") == {}
    for text in ("Webhooks are retried at most 7 times.", "In the sandbox webhooks are retried at most 9 times."):
        fast("add", text, "--topic", "payments", "--session", "sandbox")
    fast("promote", "sandbox", "--yes"), fast("dream"), fast("dream", "promote", "--yes"), fast("list")
    assert list(offers(fast, "resolve", "").values()) == ["In the sandbox webhooks are retried at most 9 times"]


def test_files_are_left_to_the_shell(fast: Mem) -> None:
    assert offers(fast, "add", "x", "--path", "s") == {"": "files"}
    assert offers(fast, "-C", "") == {"": "directories"}


def test_another_repository(fast: Mem, ids: dict[str, str], repo: Repo, tmp_path: Path) -> None:
    assert ids and "sandbox" in offers(fast, "-C", str(repo.path), "session", "close", "", cwd=tmp_path)


def test_outside_a_repository_there_are_commands_and_no_values(fast: Mem, tmp_path: Path) -> None:
    assert offers(fast, "rec", cwd=tmp_path).keys() == {"recall"}
    assert offers(fast, "show", "", cwd=tmp_path) == offers(fast, "session", "close", "", cwd=tmp_path) == {}
    assert "decision" in offers(fast, "list", "--type", "", cwd=tmp_path)
    assert offers(fast, "-C", "/nosuch", "show", "") == {}


def snapshot(repo: Repo) -> dict[str, tuple[int, bytes]]:
    """Every file of the repository, but for SQLite's locks: when it was written, and what it holds."""
    files = (path for path in repo.path.rglob("*") if path.is_file() and not path.name.endswith("-shm"))
    return {str(path): (path.stat().st_mtime_ns, path.read_bytes()) for path in files}


LINES = (
    ("",),
    ("show", ""),
    ("list", "--topic", ""),
    ("session", "close", ""),
    ("undo", ""),
    ("promote", "--only", ""),
)


@pytest.mark.parametrize("index", ["there", "missing", "damaged", "from another time"])
def test_nothing_is_written(fast: Mem, repo: Repo, ids: dict[str, str], index: str) -> None:
    place = repo.path / ".git/mem/index"
    database = next(place.rglob("index.db"))
    if index == "missing":
        shutil.rmtree(place)
    elif index == "damaged":
        database.write_bytes(b"no database" * 500)
    elif index == "from another time":
        database.write_bytes(database.read_bytes()[:60] + b"\0\0\0\1" + database.read_bytes()[64:])
    before = snapshot(repo)
    for words in LINES:
        offers(fast, *words)
    assert snapshot(repo) == before and ids


@pytest.mark.usefixtures("ids")
def test_a_damaged_repository_is_no_concern_of_a_prompt(fast: Mem, repo: Repo) -> None:
    (repo.path / ".git/refs/mem/sessions/sandbox").write_text("nonsense\n")
    (repo.path / ".git/HEAD").write_text("nonsense\n")
    for words in LINES:
        offers(fast, *words)


def test_titles_are_one_line_that_a_terminal_can_show(fast: Mem, ids: dict[str, str]) -> None:
    fast("session", "start", "hostile", "--task", "a\tb\x1b[2J")
    assert ids and offers(fast, "session", "close", "host") == {"hostile": r"Ada Example, a b\x1b[2J"}


def test_what_is_excluded_is_not_offered(fast: Mem, ids: dict[str, str]) -> None:
    fast("exclude", "add", "src/")
    assert offers(fast, "show", "").keys() == {ids["candidate"][-6:]}
    assert "payments" not in offers(fast, "list", "--topic", "")


def parameters(command: Any, path: str = "") -> list[str]:
    """What rows of `SOURCES` may name of a command and of those below it."""
    own = [param for param in command.params if param.name != "help"]
    names = [name for param in own for name in (*param.opts, (param.metavar or param.name.upper()).strip("[]."))]
    parts = [part for name in names for part in name.split("|")]
    inner = getattr(command, "commands", {}).items()
    below = [name for word, one in inner for name in parameters(one, f"{path} {word}".strip())]
    return [*names, *parts, *(f"{path} {name}" for name in names), *below]


def test_every_row_is_of_a_parameter_that_exists() -> None:
    context = program().make_context("mem", [], resilient_parsing=True)
    known = {name for option in program().get_params(context) for name in option.opts} | {"COMMAND|TOPIC"}
    for name in COMMANDS:
        known |= set(parameters(load_command(name), name))
    assert SOURCES.keys() - known == set()
