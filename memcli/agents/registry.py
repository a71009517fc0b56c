"""The harnesses by name."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Protocol

from memcli.agents import claude, codex, copilot, cursor, gemini, opencode


class Adapter(Protocol):
    """What installing asks of a harness's module; paths hold `{tree}`, `{home}`, `{config}` or `{codex}`."""

    @property
    def NAME(self) -> str: ...
    @property
    def PROGRAM(self) -> str: ...
    @property
    def HOME(self) -> str: ...
    @property
    def FORM(self) -> str: ...
    @property
    def FILES(self) -> Mapping[str, str]: ...
    @property
    def SKILLS(self) -> Mapping[str, str]: ...
    @property
    def INSTRUCTIONS(self) -> tuple[str, ...]: ...
    @property
    def MEMBERS(self) -> Mapping[str, object]: ...
    @property
    def NOTE(self) -> str: ...

    def entries(self, command: Callable[[str], str], recall: bool, /) -> list[tuple[str, dict[str, Any]]]: ...


ADAPTERS: dict[str, Adapter] = {
    "claude": claude,
    "codex": codex,
    "gemini": gemini,
    "cursor": cursor,
    "copilot": copilot,
    "opencode": opencode,
}
