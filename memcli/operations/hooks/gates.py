"""What stands between installed hooks and their being run: the trust of a harness, a login shell, another worktree.

Only looks: nothing is written, and nothing of a harness is run.
"""

from __future__ import annotations

import shlex
from collections.abc import Iterator, Mapping
from pathlib import Path

from memcli.agents.adapter import Adapter
from memcli.agents.trust import UNKNOWN, HookFile, Trust, Unreadable
from memcli.operations.hooks.harness_paths import HarnessPaths
from memcli.operations.hooks.replace_file import read_content
from memcli.system.external_command import run_external

PATIENCE = 5.0
"""Seconds for a login shell."""
CODEX_SHELL = "bash"
"""The shell in which agents run commands, whatever their user's is."""
NOT_IN_LOGIN_SHELL = "a login shell, in which some agents run their commands, does not find 'mem'"
PUT_ON_PATH = "set the PATH in ~/.profile (or your shell's own file for login shells) so that 'mem' is on it"


def trust_of(paths: HarnessPaths, adapter: Adapter, file: Path, scope: str) -> Trust:
    """Whether a harness runs the hooks in a file, and what a person has to do."""
    tree = str(paths.tree or "")
    try:
        text = (read_content(file) or b"").decode("utf-8", "replace")
        hooks = HookFile(str(file), scope, tree, str(main_worktree(paths) or tree), text)
        return adapter.trust(hooks, lambda pattern: read_content(paths.path(pattern, adapter)))
    except (Unreadable, OSError) as error:
        step = f"start '{adapter.program}' here, and see whether it asks for your trust"
        return Trust(UNKNOWN, f"whether {adapter.title} trusts these hooks is not known: {error}", step)


def main_worktree(paths: HarnessPaths) -> Path | None:
    """The main worktree of the repository; None where there is none, or that is where we are."""
    common = Path(paths.layout.common_dir) if paths.layout else None
    if common is None or common.name != ".git" or common.parent == paths.tree:
        return None
    return common.parent


def file_of_main_worktree(paths: HarnessPaths, adapter: Adapter) -> Path | None:
    """The hook file of the main worktree that this linked one has no copy of; None where there is none."""
    main = main_worktree(paths)
    patterns = [pattern for pattern in adapter.hook_files.values() if "{tree}" in pattern]
    files = (Path(pattern.format(tree=main)) for pattern in patterns) if main else ()
    return next((file for file in files if f"hook {adapter.name} ".encode() in _content(file)), None)


def _content(file: Path) -> bytes:
    try:
        return read_content(file) or b""
    except OSError:
        return b""


def shells_without_mem(environment: Mapping[str, str], directory: Path) -> Iterator[str]:
    """The login shells (`bash -lc`) that do not find `mem`: the one that agents use, and the user's own."""
    own = Path(environment.get("SHELL") or CODEX_SHELL)
    for shell in (CODEX_SHELL, *([str(own)] if own.name != CODEX_SHELL else [])):
        command = f"{shlex.quote(shell)} -lc 'command -v mem'"
        result = run_external(command, b"", directory, environment, PATIENCE)
        if "exit code" in result.failure:
            yield f"{Path(shell).name} -lc"
