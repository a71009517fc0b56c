"""Which files of a harness get what: its hooks, a skill, a block of instructions."""

from __future__ import annotations

import json
import re
import shlex
import shutil
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from memcli.agents.adapter import Adapter
from memcli.agents.ownership import personal_command, shared_command
from memcli.agents.registry import adapters, find_adapter
from memcli.core.text import marked_block as text_block
from memcli.core.text.json_edits import NotJson, read
from memcli.errors import Usage
from memcli.operations.hooks.change import Target
from memcli.operations.hooks.edits import Block, Edit, Own, Table, own_table
from memcli.operations.hooks.replace_file import content
from memcli.operations.hooks.shipped import template
from memcli.workspace import Homes

SCOPES = ("local", "project", "user")
PLUGINS = ("mem", "memcli")
"""Names under which a harness may have us as a plugin, which brings hooks of its own."""


@dataclass(frozen=True)
class AgentPlace:
    """Where files of harnesses lie: in a worktree (None: there is none) and in a person's home."""

    tree: Path | None
    homes: Homes

    @cached_property
    def launcher(self) -> str:
        """How `mem` is called from a file of one person: by its path, because desktop programs know no other."""
        found = shutil.which("mem") or shutil.which("mem", path=str(Path(sys.executable).parent))
        return shlex.quote(str(Path(found).absolute())) if found else "mem"

    def path(self, pattern: str, harness: str) -> Path:
        """A path of an adapter. Raises Usage where it needs a worktree and there is none."""
        if "{tree}" in pattern and self.tree is None:
            raise Usage("a bare repository has no files for a harness", "run it in a worktree, or with '--scope user'")
        homes = self.homes
        own = homes.harnesses[harness]
        return Path(pattern.format(tree=self.tree, home=homes.home, config=homes.config, own=own))


def adapter_named(name: str) -> Adapter:
    """The adapter of that name. Raises Usage."""
    if adapter := find_adapter(name):
        return adapter
    raise Usage(f"unknown harness {name!r}", f"use one of {', '.join(adapters())}")


def present(place: AgentPlace) -> list[str]:
    """The harnesses in use here: their program is installed, or the project or its user has a directory of theirs."""
    roots = [root for root in (place.tree, place.homes.home) if root]
    return [
        name
        for name, adapter in adapters().items()
        if shutil.which(adapter.program) or any((root / adapter.directory).is_dir() for root in roots)
    ]


def scope_of(adapter: Adapter, scope: str | None) -> str:
    """The scope that was given, else the most personal one inside the repository. Raises Usage."""
    if scope is None:
        return next(iter(adapter.hook_files))
    if scope not in SCOPES:
        raise Usage(f"unknown scope {scope!r}", f"use one of {', '.join(SCOPES)}")
    if scope not in adapter.hook_files:
        raise Usage(f"{adapter.name} has no scope {scope!r}", f"use {' or '.join(adapter.hook_files)}")
    return scope


def hook_targets(place: AgentPlace, adapter: Adapter, scope: str, recall: bool | None) -> Iterator[Target]:
    """The file with the hooks of a harness, and the files that go with it in that scope."""
    path = place.path(adapter.hook_files[scope], adapter.name)
    recall = _recalls(adapter, path) if recall is None else recall
    yield Target(
        adapter.name,
        scope,
        path,
        _hook_edit(place, adapter, scope == "project", recall),
        unfit=_enabled_plugin(place, adapter),
        note=adapter.approval,
    )
    if scope == "project":
        for pattern, name in adapter.project_files:
            yield Target(adapter.name, scope, place.path(pattern, adapter.name), Own(template(name)))
        if adapter.needs_instructions:
            yield from instruction_targets(place, adapter)


def _hook_edit(place: AgentPlace, adapter: Adapter, shared: bool, recall: bool) -> Edit:
    def command(event: str) -> str:
        launcher = "mem" if shared else place.launcher
        return (shared_command if shared else personal_command)(launcher, adapter.name, event)

    if adapter.plugin_template:
        return Own(_plugin_code(adapter, "mem" if shared else shlex.split(place.launcher)[0]))
    entries = adapter.entries(command, recall)
    make = own_table if adapter.owns_hook_file else Table
    return make(entries, adapter.root_members)


def _recalls(adapter: Adapter, path: Path) -> bool:
    """Whether recall at the prompt is installed, so that it stays."""
    return f"hook {adapter.name} prompt".encode() in _readable(path)


def _readable(path: Path) -> bytes:
    """A file's bytes; none where it cannot be read: writing it will report why."""
    try:
        return content(path) or b""
    except OSError:
        return b""


def _plugin_code(adapter: Adapter, launcher: str) -> str:
    line = adapter.launcher_line
    return template(adapter.plugin_template).replace(line.format('"mem"'), line.format(json.dumps(launcher)))


def _enabled_plugin(place: AgentPlace, adapter: Adapter) -> str:
    """Why a harness with a plugin of ours gets no hooks: everything would be told twice. Empty where it has none."""
    for pattern in adapter.hook_files.values() if adapter.plugins_member else ():
        data = _readable(place.path(pattern, adapter.name)) if place.tree or "{tree}" not in pattern else b""
        try:
            plugins = read((data or b"{}").decode("utf-8")).at(adapter.plugins_member)
        except (NotJson, UnicodeDecodeError):
            continue
        for name, enabled in plugins.members if plugins else ():
            if enabled.value is True and name.split("@")[0] in PLUGINS:
                return f"the plugin {name!r} is enabled and brings these hooks itself"
    return ""


def skill_target(place: AgentPlace, adapter: Adapter, scope: str | None) -> Target:
    """The skill file of a harness."""
    scope = "user" if scope == "user" else "project"
    directory = place.path(adapter.skill_directories[scope], adapter.name)
    return Target(adapter.name, scope, directory / "mem" / "SKILL.md", Own(template("SKILL.md")))


def instruction_targets(place: AgentPlace, adapter: Adapter, needless_too: bool = False) -> Iterator[Target]:
    """The block in the file of instructions that a harness reads; where it reads another one, an import of that."""
    main, *importing = adapter.instruction_files
    block = Block(template("instructions.md"), text_block.appended)
    yield Target(adapter.name, "project", place.path("{tree}/" + main, adapter.name), block)
    for name in importing:
        path = place.path("{tree}/" + name, adapter.name)
        foreign = text_block.without(_readable(path))
        imports = re.search(rb"(?m)^\s*(?:[-*]\s+)?@(?:\./)?AGENTS\.md\s*$", foreign)
        if needless_too or not (imports or _same_file(path, main)):
            yield Target(adapter.name, "project", path, Block(template("import.md"), text_block.appended))


def _same_file(path: Path, main: str) -> bool:
    """Whether the importing file is the imported one, by a link."""
    return path.resolve() == path.with_name(main).resolve() and path.is_symlink()
