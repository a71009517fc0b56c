"""What `mem bootstrap` makes of repositories: `python -m tests.benchmarks.bootstrap REPOSITORY... [--options=--docs]`.

Each repository, a git directory or a worktree, is cloned to a scratch directory; nothing is written to it. A line of a
markdown table for each: its commit, what is proposed of which source, what is left out, CPU time and peak memory of a
fresh process. `--list` prints the proposals as well.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, NamedTuple

MEM = (sys.executable, "-m", "memcli")
HEAD = "| repository | commit | proposed | of | left out | CPU | memory |\n|---|---|--:|---|--:|--:|--:|"


class Measured(NamedTuple):
    """What one bootstrap answered, in how many seconds of CPU and bytes at most."""

    data: dict[str, Any]
    seconds: float
    memory: int


def lines(repository: Path, scratch: Path, options: Sequence[str], is_listed: bool) -> Iterator[str]:
    """The line of a repository, and of each proposal where they are listed."""
    name = repository.parent.name if repository.name in ("repo", ".git") else repository.name
    clone = scratch / name
    _run("git", "clone", "--quiet", "--no-checkout", str(repository), str(clone))
    _run(*MEM, "-C", str(clone), "init", "--quiet")
    measured = _measured([*MEM, "-C", str(clone), "bootstrap", "--dry-run", "--json", *options])
    commit = _run("git", "-C", str(clone), "rev-parse", "--short", "HEAD").strip()
    yield _row(name, commit, measured)
    if is_listed:
        for proposal in measured.data["proposed"]:
            yield f"    {proposal['score']:.2f} {proposal['type']:<10} {proposal['title']} <{proposal['ref']}>"


def _row(name: str, commit: str, measured: Measured) -> str:
    proposed = measured.data["proposed"]
    sources = Counter(str(proposal["source"]) for proposal in proposed)
    named = ", ".join(f"{source} {count}" for source, count in sources.most_common())
    left = sum(len(some) for some in measured.data["left"].values())
    size = f"{measured.memory / 1e6:.0f} MB"
    return f"| {name} | {commit} | {len(proposed)} | {named} | {left} | {measured.seconds:.1f} s | {size} |"


def _measured(command: Sequence[str]) -> Measured:
    """The answer of a process with what it took."""
    with tempfile.TemporaryFile() as output:
        process = subprocess.Popen(command, stdout=output)
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        output.seek(0)
        answer = output.read()
    if process.returncode:
        raise SystemExit(f"exit {process.returncode}: {' '.join(command)}")
    return Measured(json.loads(answer)["data"], usage.ru_utime + usage.ru_stime, usage.ru_maxrss * 1024)


def _run(*command: str) -> str:
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("repositories", nargs="+", type=Path)
    parser.add_argument("--options", default="", help="options of mem bootstrap, as in --options='--docs --code'")
    parser.add_argument("--list", action="store_true", help="print the proposals too")
    arguments = parser.parse_args()
    print(HEAD)
    with tempfile.TemporaryDirectory() as scratch:
        for repository in arguments.repositories:
            for line in lines(repository, Path(scratch), arguments.options.split(), arguments.list):
                print(line, flush=True)


if __name__ == "__main__":
    main()
