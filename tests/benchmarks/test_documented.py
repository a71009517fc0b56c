"""docs/benchmarks.md names files and modules that exist."""

from __future__ import annotations

import re
from pathlib import Path

ROOT = Path(__file__).parents[2]
TEXT = (ROOT / "docs" / "benchmarks.md").read_text(encoding="utf-8")


def test_the_paths_that_the_benchmarks_name_exist() -> None:
    paths = set(re.findall(r"`((?:memcli|tests|docs)/[\w./-]+)`", TEXT))
    assert "memcli/index/search/fusion.py" in paths
    assert not {path for path in paths if not (ROOT / path).exists()}


def test_the_programs_that_the_benchmarks_name_exist() -> None:
    modules = set(re.findall(r"python -m ([\w.]+)", TEXT))
    assert modules
    assert not {name for name in modules if not (ROOT / name.replace(".", "/")).with_suffix(".py").is_file()}
