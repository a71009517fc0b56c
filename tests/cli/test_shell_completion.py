"""The scripts of `mem completion` in the real shells: what TAB makes of a line, after `mem` and after `git mem`."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.conftest import Mem, Repo
from tests.needs import missing, program
from tests.typed_shell import KILL_LINE, PROMPT, TypedShell

GIT_COMPLETION = Path("/usr/share/bash-completion/completions/git")


@pytest.fixture
def stored(repo: Repo, fast: Mem) -> dict[str, str]:
    """The short ids of a promoted memory and of a candidate in the session `sandbox`."""
    fast("init")
    promoted = fast("add", "The queue owns failures.", "--topic", "payments", "--promote", "--json").json()["id"]
    fast("session", "start", "sandbox")
    candidate = fast("add", "Deploys happen on Tuesdays.", "--session", "sandbox", "--json").json()["id"]
    fast("list")
    assert repo.path.is_dir()
    return {"promoted": promoted[-6:], "candidate": candidate[-6:]}


@pytest.fixture
def environment(tmp_path: Path) -> dict[str, str]:
    """An environment in which `mem` and `git mem` are this checkout."""
    for name in ("mem", "git-mem"):
        script = tmp_path / "bin" / name
        script.parent.mkdir(exist_ok=True)
        script.write_text(f"#!{sys.executable}\nfrom memcli.cli.main import main\n\nmain()\n")
        script.chmod(0o755)
    root = str(Path(__file__).parents[2])
    home = tmp_path / "home"
    home.mkdir()
    return {**os.environ, "PATH": f"{tmp_path / 'bin'}:{os.environ['PATH']}", "TERM": "xterm", "PYTHONPATH": root,
            "HOME": str(home)}  # fmt: skip


LINES: dict[str, tuple[str, str]] = {
    "command": ("mem sess", "mem session"),
    "plumbing": ("mem hydr", "mem hydrate"),
    "subcommand": ("mem session resu", "mem session resume"),
    "option": ("mem list --topi", "mem list --topic"),
    "id": ("mem show {promoted:.4}", "mem show {promoted}"),
    "candidate": ("mem promote --only {candidate:.4}", "mem promote --only {candidate}"),
    "session": ("mem session close sand", "mem session close sandbox"),
    "value with =": ("mem list --topic=pay", "mem list --topic=payments"),
    "value": ("mem list --type deci", "mem list --type decision"),
    "key and value": ("mem edit X --set status=reti", "mem edit X --set status=retired"),
    "key": ("mem edit X --set statu", "mem edit X --set status="),
    "policy": ("mem policy set promote revi", "mem policy set promote reviewer"),
    "harness": ("mem hooks install --agent code", "mem hooks install --agent codex"),
    "path": ("mem add X --path src/a", "mem add X --path src/app.py"),
    "blanks": ("mem list --by Ad", r"mem list --by Ada\ Example"),
    "synonym": ("mem search --topi", "mem search --topic"),
    "git": ("git mem show {promoted:.4}", "git mem show {promoted}"),
    "git with =": ("git mem list --topic=pay", "git mem list --topic=payments"),
    "command of git": ("git mem sess", "git mem session"),
}
"""What is typed, and what TAB makes of it."""


@pytest.fixture(params=["bash", "zsh"])
def shell(request: pytest.FixtureRequest, repo: Repo, environment: dict[str, str]) -> Iterator[TypedShell]:
    """An interactive shell in which the script was evaluated."""
    name, path = request.param, program(request.param)
    commands = {"bash": [path, "--norc", "--noprofile", "-i"], "zsh": [path, "-f", "-i"]}
    setup = {
        "bash": f"source {GIT_COMPLETION}; bind 'set bell-style none'",
        "zsh": "autoload -Uz compinit; compinit -u -D; unsetopt beep menu_complete auto_menu",
    }
    if name == "bash" and not GIT_COMPLETION.exists():
        missing("needs git's completion for bash; it is not installed")
    with TypedShell(commands[name], repo.path, environment) as typed:
        typed.run(f"PS1='{PROMPT} '; {setup[name]}")
        typed.run(f'eval "$(mem completion {name})"')
        yield typed


def test_a_tab_completes(shell: TypedShell, stored: dict[str, str]) -> None:
    for line, completed in LINES.values():
        shell.wait_for_line(PROMPT)
        shell.type(line.format(**stored) + "\t")
        shell.wait_for_line(f"{PROMPT} {re.escape(completed.format(**stored))}")
        shell.type(KILL_LINE)


@pytest.mark.parametrize("shell", ["zsh"], indirect=True)
def test_zsh_shows_titles(shell: TypedShell, stored: dict[str, str]) -> None:
    shell.type("git mem show \t\t")
    shell.wait(f"{stored['promoted']} +-- The queue owns failures")
    shell.wait(f"{stored['candidate']} +-- Deploys happen on Tuesdays")


def fish(repo: Repo, environment: dict[str, str], line: str) -> dict[str, str]:
    """What fish offers for a line, with its descriptions."""
    script = f"mem completion fish | source; complete -C '{line}'"
    done = subprocess.run(
        [program("fish"), "-c", script],
        cwd=repo.path, env=environment, capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert done.stderr == ""
    return dict(offer.partition("\t")[::2] for offer in done.stdout.splitlines())


@pytest.mark.parametrize("case", LINES)
def test_fish_completes(repo: Repo, environment: dict[str, str], stored: dict[str, str], case: str) -> None:
    line, completed = (text.format(**stored) for text in LINES[case])
    offers = {offer.replace(" ", r"\ ") for offer in fish(repo, environment, line)}
    assert completed.removeprefix(line.rpartition(" ")[0]).strip() in offers


def test_fish_shows_titles(repo: Repo, environment: dict[str, str], stored: dict[str, str]) -> None:
    offers = {stored["candidate"]: "Deploys happen on Tuesdays", stored["promoted"]: "The queue owns failures"}
    assert fish(repo, environment, "mem show ") == offers == fish(repo, environment, "git mem show ")


@pytest.mark.parametrize("name", ["bash", "zsh", "fish"])
def test_the_scripts_are_valid(fast: Mem, name: str) -> None:
    script = fast("completion", name)
    check = [program(name), *(["--no-config"] if name == "fish" else []), "-n"]
    assert script.code == 0
    assert subprocess.run(check, input=script.out, text=True, check=False, capture_output=True).stderr == ""


def test_an_unknown_shell(fast: Mem) -> None:
    asked = fast("completion", "tcsh")
    assert asked.code == 2 and "use one of bash, zsh, fish" in asked.err
