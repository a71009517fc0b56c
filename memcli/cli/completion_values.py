"""The values that shell completion offers for options and arguments, by what they are called.

A parameter is looked up as `COMMAND NAME`, then by the option's name, then by the parts of its metavar: `ID|ours|both`
is a memory's id or one of the words in lower case. One that has no row, such as a text or a date, gets no values.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Any

from memcli.agents.registry import HARNESSES, WITHOUT_HOOKS
from memcli.cli.command_line import DIRECTORIES, FILES, CommandLine, Completion, first_line
from memcli.cli.command_table import COMMANDS
from memcli.cli.options import Call, value_words
from memcli.config import Flags
from memcli.core.memory.key_types import EVIDENCE, KINDS, STATUSES, TYPES
from memcli.errors import MemError
from memcli.workspace import Workspace

Values = Iterable[Completion | str]
Source = Callable[[CommandLine, str], Values]


def values_of(line: CommandLine, param: Any, text: str) -> list[Completion]:
    """The values for a parameter that begin with `text`, upper and lower case alike."""
    values = [value for source in _sources(line, param) for value in source(line, text)]
    completions = (value if isinstance(value, Completion) else Completion(value) for value in values)
    unique = {(completion.value or completion.description): completion for completion in completions}
    return [
        completion
        for completion in unique.values()
        if not completion.value or completion.value.lower().startswith(text.lower())
    ]


def _sources(line: CommandLine, param: Any) -> Iterator[Source]:
    metavar = (param.metavar or param.name.upper()).strip("[].")
    names = param.opts if param.param_type_name == "option" else [metavar]
    rows = [row for name in names for row in (SOURCES.get(f"{line.path} {name}"), SOURCES.get(name)) if row]
    if rows:
        yield rows[0]
        return
    yield _words(*value_words(param))
    for part in metavar.split("|"):
        if part.islower():
            yield _words(part)
        elif part in SOURCES:
            yield SOURCES[part]


def _words(*words: str) -> Source:
    return lambda _line, _text: words


def _stored(read: Callable[[Workspace, str], Values]) -> Source:
    """What is read from the repository; nothing where there is none, or where it cannot be read."""

    def source(line: CommandLine, text: str) -> list[Completion | str]:
        try:
            return list(read(Call(Flags(directory=line.options.get("-C")), any_session=True).workspace, text))
        except MemError:
            return []

    return source


def _all(*sources: Source) -> Source:
    return lambda line, text: [value for source in sources for value in source(line, text)]


def _column(name: str) -> Source:
    from memcli.operations.views.known_values import known_words

    return _stored(lambda workspace, _text: known_words(workspace, name))


def _ids(memories: Iterable[tuple[str, str]], text: str) -> Iterator[Completion]:
    """Ids as they are shown, six characters; the whole one where the text is the beginning of that."""
    for memory_id, title in memories:
        name = memory_id[-6:] if memory_id[-6:].startswith(text.upper()) else memory_id
        yield Completion(name.lower() if text.islower() else name, title)


def _memories(workspace: Workspace, text: str) -> Values:
    from memcli.operations.views.known_values import known_memories

    return _ids(known_memories(workspace, text), text)


def _asking(workspace: Workspace, text: str) -> Values:
    from memcli.operations.views.known_values import asking_memories

    return _ids(asking_memories(workspace, text), text)


def _candidates(workspace: Workspace, text: str) -> Values:
    from memcli.operations.views.known_values import known_candidates

    return _ids(known_candidates(workspace, text), text)


def _sessions(ended: bool = False, prefix: str = "") -> Source:
    def read(workspace: Workspace, _text: str) -> Values:
        from memcli.operations.views.known_values import known_sessions

        return (Completion(*session) for session in known_sessions(workspace, ended) if session[0].startswith(prefix))

    return _stored(read)


def _operations(workspace: Workspace, _text: str) -> Values:
    from memcli.operations.history.operation_log import list_operations

    return (
        Completion(operation.op, f"{operation.verb}: {operation.summary}")
        for operation in list_operations(workspace, 50)
    )


def _authors(workspace: Workspace, _text: str) -> Values:
    from memcli.operations.views.known_values import known_authors

    return known_authors(workspace)


def _excludes(workspace: Workspace, _text: str) -> Values:
    from memcli.operations.setup.exclude import list_excludes

    return (exclude.glob for exclude in list_excludes(workspace).excludes)


def _policy_keys(_line: CommandLine, _text: str) -> Values:
    from memcli.core.review.checks.check_registry import CHECKS
    from memcli.core.review.policy_keys import POLICY_KEYS, TABLES

    yield from (key for key in POLICY_KEYS if key not in TABLES)
    yield from (Completion(f"checks.{check.name}", check.finds) for check in CHECKS)


def _policy_values(line: CommandLine, _text: str) -> Values:
    from memcli.core.finding import SEVERITIES
    from memcli.core.review.policy_keys import AUTO, PERSON, REVIEWER

    key = line.arguments[0]
    words = {"promote": (PERSON, REVIEWER, AUTO), "require_signed": ("true", "false")}
    return SEVERITIES if key.startswith("checks.") else words.get(key, ())


def _front_matter(line: CommandLine, text: str) -> Values:
    """`KEY=`, and the values of a key that has some."""
    from memcli.core.memory.keys import ORDER

    key, equals, _ = text.partition("=")
    if not equals:
        return (f"{name}=" for name in ORDER)
    source = SOURCES.get(f"--{key}")
    return (f"{key}={value if isinstance(value, str) else value.value}" for value in source(line, "")) if source else ()


def _help_words(line: CommandLine, _text: str) -> Values:
    """The commands and topics, and below a command that has some its own."""
    from memcli.cli.views.command_list import TOPICS

    if not line.arguments:
        return [*(Completion(*command) for command in COMMANDS.items()), *TOPICS]
    group = line.context.parent.command.get_command(line.context.parent, line.arguments[0])
    return [Completion(name, first_line(command)) for name, command in getattr(group, "commands", {}).items()]


def _export_formats(_line: CommandLine, _text: str) -> Values:
    from memcli.core.exchange.export_registry import FORMATS

    return (Completion(row.name, row.writes) for row in FORMATS.values())


def _import_formats(_line: CommandLine, _text: str) -> Values:
    from memcli.operations.bootstrap.source_scan import SOURCE_NAMES
    from memcli.operations.exchange.import_sources import FORMAT_READERS

    return (*FORMAT_READERS, *SOURCE_NAMES)


def _these(completion: Completion) -> Source:
    return lambda _line, _text: [completion]


_AGENTS = _words(*HARNESSES, *WITHOUT_HOOKS)
_OPEN, _ANY_SESSION = _sessions(), _sessions(ended=True)
SOURCES: dict[str, Source] = {
    "ID": _stored(_memories),
    "SESSION": _OPEN,
    "DREAM": _sessions(prefix="dream-"),
    "OP": _stored(_operations),
    "JOB": _words("distil", "review", "generalise"),
    "PATH": _these(FILES),
    "FILE": _these(FILES),
    "DIR": _these(DIRECTORIES),
    "WHAT": _all(_stored(_memories), _these(FILES)),
    "COMMAND|TOPIC": _help_words,
    "KEY=VALUE": _front_matter,
    "--kind": _words(*KINDS),
    "--type": _all(_words(*TYPES), _column("type")),
    "--topic": _column("topic"),
    "--tag": _column("tag"),
    "--key": _column("key"),
    "--status": _words(*STATUSES),
    "--evidence": _words(*EVIDENCE),
    "--by": _stored(_authors),
    "--agent": _AGENTS,
    "--session": _OPEN,
    "--only": _stored(_candidates),
    "--with": _stored(_memories),
    "--color": _words("auto", "always", "never"),
    "--fusion": _words("weighted", "rrf"),
    "--via": _words("exact", "chroma"),
    "--phase": _words("prune", "merge", "refresh", "curate"),
    "--path": _these(FILES),
    "--ref": _these(FILES),
    "export --as": _export_formats,
    "export --to": _these(FILES),
    "import --as": _import_formats,
    "resolve ID": _stored(_asking),
    "exclude rm GLOB": _stored(_excludes),
    "exclude add GLOB": _these(FILES),
    "dream revert --only": _stored(_memories),
    "dream revert DREAM": _sessions(ended=True, prefix="dream-"),
    "policy set KEY": _policy_keys,
    "policy set VALUE": _policy_values,
    "stats --by": _words("agent", "topic", "type", "week"),
    "list --session": _ANY_SESSION,
    "log --session": _ANY_SESSION,
    **{f"{name} SESSION|ID|GLOB": _all(_OPEN, _stored(_candidates)) for name in ("review", "promote", "reject")},
    "session show NAME": _ANY_SESSION,
    **{f"session {name} NAME": _OPEN for name in ("save", "update", "resume", "close")},
    **{f"hooks {name} --agent": _words(*HARNESSES) for name in ("install", "uninstall", "status")},
    **{f"hooks {name} --scope": _words("local", "project", "user") for name in ("install", "uninstall")},
}
"""What a parameter is called → where its values come from."""
