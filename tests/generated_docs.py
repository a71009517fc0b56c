"""The parts of docs/ that are made from the code: `python -m tests.generated_docs` writes them all."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import NamedTuple

from memcli.agents.registry import adapters
from memcli.cli.manual import manual
from memcli.cli.reference import reference
from memcli.core.memory.keys import KEYS
from memcli.core.review.checks.check_registry import CHECKS
from memcli.core.session.trailers import TRAILERS
from memcli.core.sources.extraction import HISTORY
from memcli.core.sources.source_registry import READERS
from memcli.core.worth.left_out import REASONS
from memcli.core.worth.score import SOURCES as SCORED
from memcli.core.worth.selection import DERIVABLE, DIARY, NEAR_COPY, NOTHING_CERTAIN, OVER_LIMIT
from memcli.mcp.tools import TOOLS
from memcli.tui.key_table import key_rows, key_sections
from memcli.tui.mem_ui import MemUi
from tests.agents.harness_table import harness_table
from tests.harness.results import results_table
from tests.house_map import house_map

SOURCES = (*READERS, HISTORY)
DOCS = Path(__file__).parents[1] / "docs"
NOTE = "<!-- made from the code by `make docs` -->\n"


class Part(NamedTuple):
    """A page of docs/ and what makes it, whole or between the marks of this name."""

    page: str
    name: str
    make: Callable[[], str]


def key_table() -> str:
    """The front matter keys."""
    rows = ((f"`{key.name}`", key.value, key.meaning, key.merge, key.setter) for key in KEYS)
    return table(("key", "value", "meaning", "where both sides changed it", "set by"), rows)


def trailer_table() -> str:
    """The trailers of commits."""
    rows = ((f"`{key}`", value, meaning, places) for key, places, value, meaning in TRAILERS)
    return table(("trailer", "value", "meaning", "written in"), rows)


def check_table() -> str:
    """The checks of the gate."""
    rows = (
        (f"`{check.name}`", check.severity + ", fixed" * check.fixed, check.finds, check.advice) for check in CHECKS
    )
    return table(("check", "severity", "what it finds", "what to do"), rows)


def source_table() -> str:
    """The readers of `mem bootstrap`, in the order in which they take files."""
    rows = (
        (f"`{reader.name}`", reader.title, f"`--{reader.option}`" if reader.option else "always") for reader in SOURCES
    )
    return table(("`--source`", "reads", "when"), rows)


def reason_table() -> str:
    """The reasons for which `mem bootstrap` leaves passages out."""
    rows = [(row.reason, ", ".join(sorted(row.readers))) for row in REASONS]
    last = [(reason, "all") for reason in (DERIVABLE, DIARY, NEAR_COPY, OVER_LIMIT)]
    weighed = (NOTHING_CERTAIN, ", ".join(sorted(set(SCORED) - {"decisions"})))
    return table(("reason", "of these sources"), [*rows, weighed, *last])


def ui_key_table() -> str:
    """The keys of `mem ui`, by what they are for."""
    sections = [*key_sections(), ("Everywhere", MemUi.BINDINGS)]
    rows = ((title, f"`{keys}`", text) for title, bindings in sections for keys, text in key_rows(bindings))
    return table(("where", "key", "what it does"), rows)


def tool_table() -> str:
    """The tools of `mem mcp`."""
    rows = (
        (
            f"`{tool.name}`",
            "writes" if tool.writes else "reads",
            tool.description,
            f"`{'`, `'.join(tool.arguments.model_fields)}`",
        )
        for tool in TOOLS.values()
    )
    return table(("tool", "reads or writes", "what it is for", "arguments"), rows)


def mcp_setup_table() -> str:
    """What adds `mem mcp` to each harness."""
    rows = ((adapter.title, f"`{adapter.mcp_setup}`".replace("\n", "` `")) for adapter in adapters().values())
    return table(("harness", "what adds it"), rows)


def table(head: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> str:
    """A markdown table; `|` in a cell is escaped."""
    lines = (head, ("---",) * len(head), *rows)
    return "".join(f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in line)} |\n" for line in lines)


PARTS = (
    Part("cli.md", "", lambda: reference() + "\n"),
    Part("man/git-mem.1", "", lambda: manual() + "\n"),
    Part("format.md", "keys", key_table),
    Part("format.md", "trailers", trailer_table),
    Part("checks.md", "checks", check_table),
    Part("deciding.md", "keys of mem ui", ui_key_table),
    Part("bootstrap.md", "sources", source_table),
    Part("bootstrap.md", "reasons", reason_table),
    Part("hooks.md", "harnesses", harness_table),
    Part("hooks.md", "seen in the real programs", results_table),
    Part("mcp.md", "tools", tool_table),
    Part("mcp.md", "harnesses", mcp_setup_table),
    Part("architecture.md", "map of the house", house_map),
)


def with_part(text: str, part: Part) -> str:
    """A page's text with one part made anew. Raises ValueError where its marks are missing."""
    if not part.name:
        return part.make()
    before, begin, rest = text.partition(f"<!-- {part.name}: begin -->\n")
    _, end, after = rest.partition(f"<!-- {part.name}: end -->")
    if not begin or not end:
        raise ValueError(f"docs/{part.page} has no marks '<!-- {part.name}: begin -->' and '<!-- {part.name}: end -->'")
    return f"{before}{begin}{NOTE}\n{part.make().strip()}\n\n{end}{after}"


if __name__ == "__main__":
    for part in PARTS:
        page = DOCS / part.page
        page.write_text(with_part(page.read_text("utf-8"), part), "utf-8")
