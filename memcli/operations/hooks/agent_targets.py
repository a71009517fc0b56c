"""Which files of a harness get what: its hooks, a skill, a block of instructions."""

from __future__ import annotations

import re
import shlex
import shutil
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from memcli.agents import cursor, opencode
from memcli.agents.ownership import direct, guarded
from memcli.agents.registry import ADAPTERS, Adapter
from memcli.core.text import marked_block as text_block
from memcli.core.text.json_edits import NotJson, read
from memcli.errors import Usage
from memcli.operations.hooks.change import Target
from memcli.operations.hooks.edits import Block, Own, Table, own_table
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

    def path(self, pattern: str) -> Path:
        """A path of an adapter. Raises Usage where it needs a worktree that is not there."""
        if "{tree}" in pattern and self.tree is None:
            raise Usage("a bare repository has no files for a harness", "run it in a worktree, or with '--scope user'")
        home = self.homes
        return Path(pattern.format(tree=self.tree, home=home.home, config=home.config, codex=home.codex))


def adapter(name: str) -> Adapter:
    """The adapter of that name. Raises Usage."""
    if name not in ADAPTERS:
        raise Usage(f"no harness is called {name!r}", f"known are {', '.join(ADAPTERS)}")
    return ADAPTERS[name]


def present(place: AgentPlace) -> list[str]:
    """The harnesses in use here: their program is installed, or the project or its user has a directory of theirs."""
    roots = [root for root in (place.tree, place.homes.home) if root]
    return [
        one.NAME
        for one in ADAPTERS.values()
        if shutil.which(one.PROGRAM) or any((root / one.HOME).is_dir() for root in roots)
    ]


def scope_of(one: Adapter, said: str | None) -> str:
    """The scope that was said, else the most personal one inside the repository. Raises Usage."""
    if said is None:
        return next(scope for scope in SCOPES if scope in one.FILES)
    if said not in SCOPES:
        raise Usage(f"no scope is called {said!r}", f"it is one of {', '.join(SCOPES)}")
    if said not in one.FILES:
        raise Usage(f"{one.NAME} has no scope {said!r}", f"it has {' and '.join(one.FILES)}")
    return said


def hooks(place: AgentPlace, one: Adapter, scope: str, recall: bool | None) -> Iterator[Target]:
    """The file with the hooks of one harness, and what goes with it there."""
    path = place.path(one.FILES[scope])
    shared = scope == "project"

    def command(event: str) -> str:
        return guarded("mem", one.NAME, event) if shared else direct(place.launcher, one.NAME, event)

    wanted = one.entries(command, _recalls(one, path) if recall is None else recall)
    if one.FORM == "table":
        yield Target(one.NAME, scope, path, Table(wanted, one.MEMBERS), unfit=_plugin(place, one), note=one.NOTE)
    elif one.NAME == opencode.NAME:
        launcher = "mem" if shared else shlex.split(place.launcher)[0]
        yield Target(one.NAME, scope, path, Own(_plugin_code(launcher)))
    else:
        yield Target(one.NAME, scope, path, own_table(wanted, one.MEMBERS))
    if one.NAME == cursor.NAME and shared:
        pattern, name = cursor.RULE
        yield Target(one.NAME, scope, place.path(pattern), Own(template(name)))
    if one.NAME == "copilot" and shared:
        yield from instructions(place, one)


def _recalls(one: Adapter, path: Path) -> bool:
    """Whether recall at the prompt is installed, so that it stays."""
    return f"hook {one.NAME} prompt".encode() in _readable(path)


def _readable(path: Path) -> bytes:
    """A file's bytes; none where it cannot be read: whoever writes it will say so."""
    try:
        return content(path) or b""
    except OSError:
        return b""


def _plugin_code(launcher: str) -> str:
    import json

    return template(opencode.TEMPLATE).replace('const MEM = "mem"', f"const MEM = {json.dumps(launcher)}")


def _plugin(place: AgentPlace, one: Adapter) -> str:
    """Why a harness that has us as a plugin gets no hooks: everything would be told twice."""
    for pattern in one.FILES.values():
        data = _readable(place.path(pattern)) if place.tree or "{tree}" not in pattern else b""
        try:
            said = read((data or b"{}").decode("utf-8")).at("enabledPlugins")
        except (NotJson, UnicodeDecodeError):
            continue
        for name, on in said.members if said else ():
            if on.value is True and name.split("@")[0] in PLUGINS:
                return f"the plugin {name!r} is enabled and brings these hooks itself"
    return ""


def skill(place: AgentPlace, one: Adapter, scope: str | None) -> Target:
    """The skill file of one harness."""
    where = "user" if scope == "user" else "project"
    return Target(one.NAME, where, place.path(one.SKILLS[where]) / "mem" / "SKILL.md", Own(template("SKILL.md")))


def instructions(place: AgentPlace, one: Adapter, needless_too: bool = False) -> Iterator[Target]:
    """The block in the file of instructions that a harness reads; Claude Code's imports the one of the others."""
    main, *importing = one.INSTRUCTIONS
    block = Block(template("instructions.md"), text_block.appended)
    yield Target(one.NAME, "project", place.path("{tree}/" + main), block)
    for name in importing:
        path = place.path("{tree}/" + name)
        foreign = text_block.without(_readable(path))
        imports = re.search(rb"(?m)^\s*(?:[-*]\s+)?@(?:\./)?AGENTS\.md\s*$", foreign)
        if needless_too or not (imports or _same_file(path, main)):
            yield Target(one.NAME, "project", path, Block(template("import.md"), text_block.appended))


def _same_file(path: Path, main: str) -> bool:
    """Whether the importing file is the imported one, by a link."""
    return path.resolve() == path.with_name(main).resolve() and path.is_symlink()
