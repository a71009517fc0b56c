"""The recipes of CONTRIBUTING.md still apply, and touch no more code files than they promise."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
RECIPES = dict(re.findall(r"(?ms)^### (.+?)\n.*?```diff\n(.*?)```", (ROOT / "CONTRIBUTING.md").read_text("utf-8")))
MOST_FILES = {
    "A front matter key": 3,
    "A check": 2,
    "A recall channel": 3,
    "A harness": 2,
    "A verb": 3,
    "An exit code": 1,
}


@pytest.mark.parametrize("title", MOST_FILES)
def test_a_recipe_applies(title: str) -> None:
    diff = RECIPES[title]
    code = re.findall(r"(?m)^\+\+\+ b/(memcli/\S+)", diff)
    assert 0 < len(code) <= MOST_FILES[title]
    command = ["git", "apply", "--check", "-C1", "-"]
    done = subprocess.run(command, cwd=ROOT, input=diff, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
