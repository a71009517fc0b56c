"""Which files of a harness get what: its hooks, a skill, a block of instructions."""

from __future__ import annotations

import json
import re
import shlex
from collections.abc import Iterator
from pathlib import Path

from memcli.agents.adapter import Adapter
from memcli.agents.hook_commands import personal_command, shared_command
from memcli.agents.registry import adapters, find_adapter
from memcli.core.text.marked_block import append_markdown_block, remove_blocks
from memcli.errors import Usage
from memcli.operations.hooks.edits import BlockEdit, HookTable, OwnFile, TextEdit, own_table
from memcli.operations.hooks.file_change import Target
from memcli.operations.hooks.harness_paths import HarnessPaths
from memcli.operations.hooks.replace_file import read_content
from memcli.operations.hooks.shipped import template

SCOPES = ("local", "project", "user")


def adapter_named(name: str) -> Adapter:
    """The adapter of that name. Raises Usage."""
    if adapter := find_adapter(name):
        return adapter
    raise Usage(f"unknown harness {name!r}", f"use one of {', '.join(adapters())}")


def require_scope(scope: str | None) -> None:
    """Raises Usage for a scope that no harness has."""
    if scope not in (None, *SCOPES):
        raise Usage(f"unknown scope {scope!r}", f"use one of {', '.join(SCOPES)}")


def hook_scope(adapter: Adapter, scope: str | None) -> str:
    """The scope that was given, else the most personal one inside the repository. Raises Usage."""
    if scope is None:
        return next(iter(adapter.hook_files))
    if scope not in adapter.hook_files:
        raise Usage(f"{adapter.name} has no scope {scope!r}", f"use {' or '.join(adapter.hook_files)}")
    return scope


def hook_targets(paths: HarnessPaths, adapter: Adapter, scope: str, recall: bool | None) -> Iterator[Target]:
    """The file with the hooks of a harness, and the files that go with it in that scope. `recall` None: as it is."""
    path = paths.path(adapter.hook_files[scope], adapter)
    recall = _has_recall(adapter, path) if recall is None else recall
    edit = _hook_edit(adapter, paths.launcher, scope == "project", recall)
    plugin = enabled_plugin(paths, adapter)
    problem = f"a plugin of mem is enabled in {plugin} and brings these hooks" if plugin else ""
    yield Target(adapter.name, scope, path, edit, problem=problem)
    if scope == "project":
        for pattern, name in adapter.project_files:
            yield Target(adapter.name, scope, paths.path(pattern, adapter), OwnFile(template(name)))


def _hook_edit(adapter: Adapter, launcher: str, is_shared: bool, recall: bool) -> TextEdit:
    def command(event: str) -> str:
        return (shared_command if is_shared else personal_command)(launcher, adapter.name, event)

    launcher = "mem" if is_shared else launcher
    if adapter.plugin_template:
        return OwnFile(_plugin_code(adapter, shlex.split(launcher)[0]))
    make_edit = own_table if adapter.owns_hook_file else HookTable
    return make_edit(adapter.entries(command, recall), adapter.root_members)


def _plugin_code(adapter: Adapter, program: str) -> str:
    line = adapter.launcher_line
    return template(adapter.plugin_template).replace(line.format('"mem"'), line.format(json.dumps(program)))


def _has_recall(adapter: Adapter, path: Path) -> bool:
    """Whether recall at the prompt is installed."""
    return f"hook {adapter.name} prompt".encode() in _read_if_possible(path)


def _read_if_possible(path: Path) -> bytes:
    """A file's bytes; empty if it cannot be read: writing it will report why."""
    try:
        return read_content(path) or b""
    except OSError:
        return b""


def enabled_plugin(paths: HarnessPaths, adapter: Adapter) -> str:
    """The file that enables a plugin with our hooks, which must not run twice; empty if there is none."""
    for pattern, mark in adapter.plugin_marks:
        if paths.has(pattern):
            path = paths.path(pattern, adapter)
            if re.search(mark, _read_if_possible(path).decode("utf-8", "replace")):
                return str(path)
    return ""


def skill_target(paths: HarnessPaths, adapter: Adapter, scope: str | None) -> Target:
    """The skill file of a harness."""
    scope = "user" if scope == "user" else "project"
    file = paths.path(adapter.skill_directories[scope], adapter) / "mem" / "SKILL.md"
    return Target(adapter.name, scope, file, OwnFile(template("SKILL.md")))


def instruction_targets(paths: HarnessPaths, adapter: Adapter, include_needless: bool = False) -> Iterator[Target]:
    """The block in the file that a harness reads at every start, and an import of that in its other file.

    `include_needless`: also where it is imported already.
    """
    main, *importing = adapter.instruction_files
    block = BlockEdit(template("instructions.md"), append_markdown_block)
    yield Target(adapter.name, "project", paths.path("{tree}/" + main, adapter), block)
    for name in importing:
        path = paths.path("{tree}/" + name, adapter)
        if include_needless or not (_imports(path, main) or _is_same_file(path, main)):
            yield Target(adapter.name, "project", path, BlockEdit(template("import.md"), append_markdown_block))


def _imports(path: Path, main: str) -> bool:
    """Whether a file imports another one beside our block."""
    line = rb"(?m)^\s*(?:[-*]\s+)?@(?:\./)?" + re.escape(main).encode() + rb"\s*$"
    return re.search(line, remove_blocks(_read_if_possible(path))) is not None


def _is_same_file(path: Path, main: str) -> bool:
    """Whether a file is a link to the other one."""
    return path.resolve() == path.with_name(main).resolve() and path.is_symlink()
