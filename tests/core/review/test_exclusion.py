"""Excluded paths: git itself says how a line is read; what a memory may name beside files has rules of its own."""

from __future__ import annotations

import gc
import subprocess
import time
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from memcli.core.review.exclusion import Excludes, IgnoreRules, source_path
from memcli.core.review.ignore_pattern import parse_line

SEGMENT = st.sampled_from(
    ["a", "b", "ab", "*", "**", "***", "a*", "*b", "*a*b", "?", "[ab]", "[!a]", "[^b]", "[a-c]", "*.*", "a**b", "\\*",
     "[]]", "[[:alpha:]]", "\\a", "!c", "[a\\]b]", "a ", "a\\ ", "#d", "\\"]
)  # fmt: skip
LINE = st.builds(
    lambda lead, segments, end: lead + "/".join(segments) + end,
    st.sampled_from(["", "", "/", "!", "!/", "\\!", "#", "\\#", " ", "**/"]),
    st.lists(SEGMENT, min_size=1, max_size=3),
    st.sampled_from(["", "", "/", "/**", "/*", " ", "\\ ", "\r"]),
)
PATH = st.lists(st.sampled_from(["a", "b", "ab", "a.b", "!c", "#d", "a b", "*", "-", "]"]), min_size=1, max_size=4)


@pytest.fixture(scope="module")
def ignoring(tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("ignoring")
    subprocess.run(["git", "init", "-q", str(place)], check=True)
    return place


@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(st.lists(LINE, min_size=1, max_size=4), st.sets(PATH.map("/".join), min_size=1, max_size=40))
def test_lines_are_read_as_git_reads_them(ignoring: Path, lines: list[str], paths: set[str]) -> None:
    text = "\n".join(lines) + "\n"
    (ignoring / ".gitignore").write_text(text)
    command = ["git", "-C", str(ignoring), "check-ignore", "--no-index", "-z", "--stdin"]
    done = subprocess.run(command, input="\0".join(sorted(paths)) + "\0", capture_output=True, text=True, check=False)
    rules = IgnoreRules.parse("x", text)
    assert {path for path in paths if rules.excluding(path)} == set(done.stdout.split("\0")) - {""}


@pytest.mark.parametrize(
    ("lines", "named", "left"),
    [
        ("secrets/", ["secrets", "secrets/", "./secrets/key", "a/secrets/key", "secrets/**", "secrets/*.pem"], ["src"]),
        ("secrets/*", ["secrets", "secrets/key", "secrets/**"], ["secretsx", "src/secrets"]),
        ("secrets/**", ["secrets", "secrets/key"], ["src/secrets/key"]),
        ("*.pem", ["certs/*.pem", "certs/a.pem"], ["certs", "certs/*"]),
        ("*\n!*/\n!*.md", ["src/app.py"], ["README.md", "docs/a.md"]),
        ("secrets/*\n!secrets/open.txt", ["secrets/key"], ["secrets/open.txt", "secrets"]),
        ("/.env", [".env"], ["sub/.env", ".env.example"]),
    ],
)
def test_what_a_memory_may_name(lines: str, named: list[str], left: list[str]) -> None:
    excludes = Excludes((IgnoreRules.parse("x", lines),))
    assert [path for path in [*named, *left] if excludes.excludes(path)] == named


def test_one_file_brings_nothing_back_that_another_leaves_out() -> None:
    excludes = Excludes((IgnoreRules.parse("team", "secrets/\n"), IgnoreRules.parse("own", "!secrets/\n*.key\n")))
    assert excludes.excluding("secrets/a") == ("team", "secrets/")
    assert excludes.excluding("a.key") == ("own", "*.key")


@pytest.mark.parametrize("line", ["", "  ", "# a comment", "a[", "\\", "!", "/", "a//b"])
def test_lines_that_match_nothing(line: str) -> None:
    assert parse_line(line) is None


@pytest.mark.parametrize(
    ("line", "path"),
    [
        ("*a" * 500_000, "a" * 4_000),
        ("*a" * 300 + "b", "a" * 4_000),
        ("*a" * 300 + "[c]b", "a" * 4_000 + "b"),
        ("/" + "**/a/" * 100 + "b", "a/" * 1_000 + "a"),
        ("/" + "**/a/" * 100 + "[c]b", "a/" * 1_000 + "ab"),
    ],
)
def test_a_hostile_line_costs_no_more_than_a_moment(line: str, path: str) -> None:
    assert IgnoreRules.parse("x", line).excluding(path) is None


@pytest.mark.parametrize("form", ["build/out{}/file{}.bin", "dir{}/", "*.ext{}", "**/gen{}/*.py", "!keep{}*"])
def test_time_grows_with_the_file_and_not_with_its_square(form: str) -> None:
    lines = [form.format(number, number) for number in range(4_000)]
    paths = [f"src/package{number}/module.py" for number in range(10)]

    def seconds(count: int) -> float:
        gc.collect()
        start = time.process_time()
        rules = IgnoreRules.parse("x", "\n".join(lines[:count]))
        assert not any(map(rules.naming, paths))
        return time.process_time() - start

    shorter, longer = zip(*((seconds(1_000), seconds(4_000)) for _ in range(3)), strict=True)
    assert min(longer) < 8 * min(shorter)  # a line costs the same in both; with the square it would be 16


@pytest.mark.parametrize(
    ("ref", "path"),
    [("src/a.py", "src/a.py"), ("src/a.py:12", "src/a.py"), ("src/a.py:12-20", "src/a.py"), ("a.md#L3", "a.md"),
     ("./a.md", "a.md"), ("https://example.com/a.py", None), ("commit:abc", None), ("", None), (None, None)],
)  # fmt: skip
def test_the_path_of_a_source(ref: str | None, path: str | None) -> None:
    assert source_path(ref) == path
