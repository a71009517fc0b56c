"""The README's commands do what the README shows; `python -m tests.test_readme` writes the real output into it."""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
import tempfile
from pathlib import Path

README = Path(__file__).parents[1] / "README.md"
_BLOCK = re.compile(r"(?s)```console\n(.*?)```")
_ID = "[0-9A-HJKMNP-TV-Z]"
_CHANGING = (
    (re.compile(rf"\b{_ID}{{26}}\b"), "<id>"),
    (re.compile(rf"(?<=[-(:]){_ID}{{6}}(?=\.md|[],)])"), "<id6>"),
    (re.compile(rf"(?m)^( *[a-z]* *){_ID}{{6}}  "), r"\1<id6>  "),
    (re.compile(r"\b(?!6141f01eba)[0-9a-f]{8,40}\b"), "<commit>"),
    (re.compile(r"\d{4}-\d\d-\d\d(T\d\d:\d\d:\d\dZ)?"), "<date>"),
    (re.compile(r"ada-[a-z0-9]{6}|dream-\d{8}t\d{6}z"), "<session>"),
    (re.compile(rf"(?<= ){_ID}{{6}}(?= ')"), "<id6>"),
    (re.compile(rf"((?:mem:|mem show |mem supersede |mem edit |warn: [a-z-]+ )){_ID}{{6}}"), r"\1<id6>"),
    (re.compile(r"(?m)^/.*?(?=/\.mem/)"), "<place>"),
)


def _normalised(text: str) -> str:
    for pattern, replacement in _CHANGING:
        text = pattern.sub(replacement, text)
    return text


def _environment(home: Path) -> dict[str, str]:
    identity = {f"GIT_{who}_{what}": value for who in ("AUTHOR", "COMMITTER")
                for what, value in (("NAME", "Ada"), ("EMAIL", "ada@example.org"))}  # fmt: skip
    return {
        "PATH": os.environ["PATH"],
        "HOME": str(home),
        "GIT_CONFIG_NOSYSTEM": "1",
        "USER": "ada",
        "TZ": "UTC",
        **identity,
    }


def _run(line: str, place: Path) -> str:
    words = shlex.split(line)
    program = [sys.executable, "-m", "memcli"] if words[0] == "mem" else words[:1]
    done = subprocess.run(
        [*program, *words[1:]],
        cwd=place, env={**_environment(place.parent), "PYTHONPATH": str(README.parent)},
        stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False,
    )  # fmt: skip
    return done.stdout


def played(text: str, place: Path) -> str:
    """The README with every console command's output as it is when run from top to bottom in a new repository."""
    repository = place / "shop"
    repository.mkdir()
    (repository / "src").mkdir()
    (repository / "src" / "payments.py").write_text("RETRIES = 7\n", encoding="utf-8")
    for command in ("git init -q -b main .", "git add -A", "git commit -q -m begin"):
        _run(command, repository)

    def block(match: re.Match[str]) -> str:
        commands = [line for line in match[1].splitlines() if line.startswith("$ ")]
        return "```console\n" + "".join(f"{line}\n{_run(line[2:], repository)}" for line in commands) + "```"

    return _BLOCK.sub(block, text)


def test_the_commands_print_what_the_readme_shows(tmp_path: Path) -> None:
    text = README.read_text(encoding="utf-8")
    assert _normalised(played(text, tmp_path)) == _normalised(text)


def test_the_readme_names_documents_that_exist() -> None:
    links = re.findall(r"\]\((?!http)([^)#]+)", README.read_text(encoding="utf-8"))
    assert links
    assert [link for link in links if not (README.parent / link).exists()] == []


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as scratch:
        README.write_text(played(README.read_text(encoding="utf-8"), Path(scratch)), encoding="utf-8")
