"""The inspector of the Model Context Protocol, from npm, in the harnesses' cache: `python -m tests.mcp.inspector`."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

from tests.harness.programs import HarnessProgram, install
from tests.waiting import LIMIT

INSPECTOR = HarnessProgram("mcp-inspector", "@modelcontextprotocol/inspector", "2.12.0")


def inspected(place: Path, method: str, *options: str) -> Any:
    """What the inspector's command line prints of a server's answer in a directory."""
    server = [sys.executable, "-m", "memcli", "mcp"]
    command = [str(INSPECTOR.executable), "--cli", *server, "--method", method, *options]
    done = subprocess.run(command, cwd=place, capture_output=True, text=True, timeout=LIMIT)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


if __name__ == "__main__":
    print(f"{INSPECTOR.name}: {install(INSPECTOR) or 'installed'}")
