"""What in a file of rules is no rule."""

from __future__ import annotations

import pytest

from memcli.core.sources.passages import SourceFile
from memcli.core.sources.rules.agent_rules import rule_reading
from memcli.core.sources.rules.rule_worth import no_rule
from memcli.core.sources.rules.tool_blocks import tool_blocks
from memcli.core.sources.sections import Part


@pytest.mark.parametrize(
    "heading, text, expected",
    [
        ("", "This file provides guidance to Claude Code when working with code here.", "says what the file is for"),
        ("", "You are an expert in Svelte 5 and TypeScript.", "tells an agent who it is"),
        ("Personas", "The backend architect cares about reliability first of all.", "tells an agent who it is"),
        ("", "Gizmo is a tool that turns gadgets into widgets for teams.", "describes the project"),
        ("Project Overview", "Gizmo turns gadgets into widgets for teams of any size.", "describes the project"),
        ("Project structure", "- `src/` — the sources\n- `docs/` — the pages\n- `bin/` — scripts", "a list of files"),
        ("Architecture", "```\nsrc/\n├── api\n├── core\n└── web\n```\nThe tree of it all", "a list of files"),
        ("Tech Stack", "- Svelte 5 with runes\n- TypeScript and Vite\n- Tailwind", "a list of libraries"),
        ("Current status", "The importer works and the exporter is half done.", "a plan or status report"),
        ("Key Sections", "- **Issues** - how to use the tracker\n- **Scope** - what is in", "refers to other texts"),
        ("Style", "See [the guide](docs/style.md) for all of it.", "refers to other texts"),
        ("", "@AGENTS.md", "refers to other texts"),
        ("Collegamenti Importanti", "- schema: le tabelle\n- azioni: il codice", "refers to other texts"),
        ("参考资料", "- 表结构在另外一个文件里面说明", "refers to other texts"),
        ("Testing", "TODO", "next to no words"),
        (
            "File Paths",
            "| What | Where |\n|--|--|\n| Types | `packages/types/src/` |\n| Env | `.env` |",
            "a list of files",
        ),
        ("Runner: Files", "- `runner.go` - the interface\n- `exec.go` - the real one", "a list of files"),
        ("Runner: Key Types", "- `Runner` - runs commands\n- `Mock` - for tests", "a description of code"),
        ("Usage", "```go\nd := daemon.New(config)\nd.Start(ctx)\n```\nStart it so.", "a description of code"),
        ("Daemon: Usage", "```go\nd := daemon.New(config)\n```", "a description of code"),
        ("Usage with the runner", "```go\nd := daemon.New(config)\n```", "a description of code"),
        ("Support & Resources", "- **Guide**: `docs/guide.md`\n- **API**: `docs/api.md`", "refers to other texts"),
        ("Ada Lovelace", "**Role**: Tech Lead\n**LinkedIn**: [ada](https://linkedin.com/in/ada)", "tells who"),
    ],
)
def test_what_is_no_rule_has_a_reason(heading: str, text: str, expected: str) -> None:
    assert no_rule(Part(heading, 1, text)).startswith(expected)


@pytest.mark.parametrize(
    "heading, text",
    [
        ("", "Gizmo is a monorepo. Never run npm here, only pnpm."),
        ("Project structure", "- `src/core` must stay free of I/O\n- `src/web` may import all"),
        ("Tech Stack", "- Never add a dependency without asking\n- React 19"),
        ("Project Overview", "Run it with:\n\n```bash\nmake run\n```"),
        ("Slash Commands (3 places)", "- `src/commands.ts`\n- `src/parser.ts`\n- `docs/commands.md`"),
        ("Project structure", "- `src/core/` — the kernel that propagates constraints between cells and knows no game"),
        ("Key Types", "- `Money` holds cents; never use a float for it"),
        ("Usage", "Run it:\n\n```bash\nmake run\n```"),
        ("Roles", "**Role**: the reviewer approves what the author wrote before it is merged"),
        ("Cargo Dependencies", "Internal crates below dev-dependencies use a path, not the workspace."),
    ],
)
def test_rules_are_kept(heading: str, text: str) -> None:
    assert no_rule(Part(heading, 1, text)) == ""


def test_blocks_that_tools_keep_are_left_out() -> None:
    text = (
        "# Rules\n\n<!-- OPENSPEC:START -->\n## OpenSpec\n\nAlways open the spec first of all\n"
        "<!-- OPENSPEC:END -->\n\n"
        "## Ours\n\n- Never push to main without a review\n\n"
        "<!-- BEGIN BEADS INTEGRATION -->\nUse bd\n<!-- END BEADS -->\n"
    )
    reading = rule_reading(SourceFile("AGENTS.md", text, None), frozenset())
    assert [extract.line for extract in reading.extracts] == [9]
    assert [(skip.line, skip.reason) for skip in reading.skipped] == [
        (3, "a block of OPENSPEC"),
        (13, "a block of BEADS INTEGRATION"),
    ]


def test_a_block_without_an_end_is_none() -> None:
    assert tool_blocks("<!-- OPENSPEC:START -->\n- Never push to main\n") == []


@pytest.mark.parametrize(
    "heading, text, expected",
    [
        (
            "Authentication",
            "Three guards: `web`, `api` and `customer`. API routes use the `api` guard.",
            "a description",
        ),
        ("Waveform", "- Processed in a background thread\n- Downsampled to 44 kHz for display", "a description"),
        (
            "Coding",
            "- Write clean, readable code\n- Handle errors gracefully\n- Use meaningful names",
            "general advice",
        ),
        ("Think first", "Don't assume. If something is unclear, stop. Surface tradeoffs and ask.", "general advice"),
        (
            "Browser",
            "- `a` (default: 1): not used\n- `b` (default: 2): only\n- `c` (default: 3): old",
            "a list of para",
        ),
        ("Notes here", "- `state.md` how state is kept\n- `mcp.md` not the UI\n- `api.md` calls", "a list of files"),
        (
            "Hooks",
            "They run one by one, not at once:\n\n```ts\ntask({ onStart: async () => {}, onEnd: run })\n```",
            "an example of code",
        ),
        ("Cursor Rules Location", "Put rule files into the directory of rules, nowhere else.", "refers to other texts"),
    ],
)
def test_descriptions_and_general_advice_are_no_rules(heading: str, text: str, expected: str) -> None:
    assert no_rule(Part(heading, 1, text)).startswith(expected)


@pytest.mark.parametrize(
    "heading, text",
    [
        ("Conventions", "- PascalCase for classes\n- 2 spaces\n- Named exports"),  # a rule without a word of duty
        ("Fonts", "The renderer takes the first font for all characters, it does not fall back."),
        ("Quality", "- Write clean code\n- Keep `api/` free of I/O\n- Amounts are `Decimal`"),
        ("Commands", "- `tilt up` brings the stack up\n- `npm test` runs everything"),
    ],
)
def test_conventions_and_limits_are_rules(heading: str, text: str) -> None:
    assert no_rule(Part(heading, 1, text)) == ""


def test_of_a_section_that_mixes_only_the_rules_are_proposed() -> None:
    text = (
        "## Architecture\n\nThe parts of it.\n\n### Storage\n\nNever write to `data/` outside of the importer.\n\n"
        "### Widgets\n\n- `Button` draws a button\n- `List` draws a list\n\n"
        "### Layout\n\n```\nsrc/\n├── a\n├── b\n└── c\n```\n\n## Git\n\n- Never push to main\n"
    )
    reading = rule_reading(SourceFile("AGENTS.md", text, None), frozenset())
    assert [extract.memory.body for extract in reading.extracts] == [
        "The parts of it.\n\n### Storage\n\nNever write to `data/` outside of the importer.\n",
        "- Never push to main\n",
    ]
    assert [(skip.line, skip.reason) for skip in reading.skipped] == [
        (9, "a description, which the code shows"),
        (14, "a list of files, which the code shows"),
    ]


def test_a_long_description_with_one_rule_is_narrowed_to_the_rule() -> None:
    rows = "\n".join(
        f"- **Part {n}**: the module `part_{n}` draws the widgets of page {n} for the users" for n in range(9)
    )
    reading = rule_reading(
        SourceFile("AGENTS.md", f"## Parts\n\n{rows}\n- Only edit `en.json`: others are generated\n", None), ()
    )
    assert [extract.memory.body for extract in reading.extracts] == ["- Only edit `en.json`: others are generated\n"]


def test_of_a_general_prompt_only_what_names_the_project_is_proposed() -> None:
    text = (
        "You are an expert in React and TypeScript.\n\n## Style\n\n- Prefer interfaces over types\n- Avoid enums\n\n"
        "## Ours\n\n- Put new pages into `src/pages`\n- Never use `any`\n"
    )
    reading = rule_reading(SourceFile(".cursorrules", text, None), frozenset(("src/pages/home.tsx",)))
    assert [extract.line for extract in reading.extracts] == [8]
    assert ("general advice, true in any repository", 3) in [(skip.reason, skip.line) for skip in reading.skipped]


def test_instructions_of_a_tool_are_left_out() -> None:
    text = (
        "## Landing the Plane (Session Completion)\n\n- You MUST push before you stop\n\n## Ours\n\n- Never use npm\n"
    )
    reading = rule_reading(SourceFile("AGENTS.md", text, None), frozenset())
    assert [extract.line for extract in reading.extracts] == [5]
