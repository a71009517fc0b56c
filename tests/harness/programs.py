"""The pinned versions of the harnesses, installed from npm into a cache: `python -m tests.harness.programs NAME…`.

The cache is `MEM_HARNESS_CACHE`, by default `memcli-harness` in the user's cache directory, with one directory for each
version. Nothing outside of it is written.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from memcli.agents.registry import find_adapter

CACHE = Path(
    os.environ.get("MEM_HARNESS_CACHE")
    or Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache", "memcli-harness")
)
"""Where the programs are installed; read when this is imported, because the tests have a home of their own."""
PATIENCE = 600
"""Seconds for the installation of one program."""


@dataclass(frozen=True)
class HarnessProgram:
    """One version of a harness; `adapter` is the name of ours for it, and of its executable."""

    adapter: str
    package: str
    version: str

    @property
    def title(self) -> str:
        """The vendor's name for it."""
        adapter = find_adapter(self.adapter)
        return adapter.title if adapter else self.adapter

    @property
    def name(self) -> str:
        return f"{self.adapter}-{self.version}"

    @property
    def directory(self) -> Path:
        return CACHE / self.name

    @property
    def executable(self) -> Path:
        return self.directory / "node_modules" / ".bin" / self.adapter

    @property
    def problem(self) -> str:
        """Why it is not installed; empty where it is."""
        outcome = self.directory / "outcome"
        return outcome.read_text("utf-8") if outcome.is_file() else "'make harness' has not installed it"


PROGRAMS = (
    HarnessProgram("claude", "@anthropic-ai/claude-code", "2.1.332"),
    HarnessProgram("claude", "@anthropic-ai/claude-code", "2.1.197"),
    HarnessProgram("codex", "@openai/codex", "0.171.0"),
    HarnessProgram("gemini", "@google/gemini-cli", "0.61.0"),
    HarnessProgram("copilot", "@github/copilot", "1.0.102"),
    HarnessProgram("opencode", "opencode-ai", "1.18.33"),
)


def chosen(words: str) -> list[HarnessProgram]:
    """The programs named: `all`, a harness (its newest version), or one with its version (`codex-0.171.0`)."""
    return [program for word in words.split() for program in _named(word)]


def _named(word: str) -> list[HarnessProgram]:
    if word == "all":
        return list(PROGRAMS)
    found = [program for program in PROGRAMS if word in (program.adapter, program.name)]
    if not found:
        raise SystemExit(f"unknown harness {word!r}; use 'all' or {', '.join(program.name for program in PROGRAMS)}")
    return found[:1]


def install(program: HarnessProgram) -> str:
    """Install a program, if it is not in the cache yet; why that failed, else empty."""
    if program.problem:
        program.directory.mkdir(parents=True, exist_ok=True)
        (program.directory / "outcome").write_text(_run_npm(program), "utf-8")
    return program.problem


def _run_npm(program: HarnessProgram) -> str:
    if shutil.which("npm") is None:
        return "npm is not installed"
    command = ["npm", "install", "--silent", "--no-fund", "--no-audit", f"{program.package}@{program.version}"]
    try:
        done = subprocess.run(command, cwd=program.directory, capture_output=True, text=True, timeout=PATIENCE)
    except subprocess.TimeoutExpired:
        return f"npm took more than {PATIENCE} s to install {program.name}"
    return f"npm cannot install {program.name}: {(done.stderr or done.stdout).strip()[-300:]}" * bool(done.returncode)


if __name__ == "__main__":
    for program in chosen(" ".join(sys.argv[1:]) or "all"):
        print(f"{program.name}: {install(program) or 'installed'}")
