"""Sections, blocks and links are exact source; titles are one line without markup; prose and the parser agree."""

from __future__ import annotations

import subprocess
import sys

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from memcli.core.text.markdown import Heading, Link, blocks, first_title, headings, links, sections
from memcli.core.text.prose import MAX_TITLE, strip_markup

SIGNS = [
    "# ",
    "## ",
    "- ",
    "* ",
    "1. ",
    "> ",
    "```",
    "~~~",
    "    ",
    "\t",
    "| a | b |\n|---|---|\n",
    "---",
    "===",
    "\n",
    "\n\n",
]
INLINE = [
    "word",
    "Two words.",
    "*",
    "**",
    "_",
    "`",
    "[a](b)",
    "[[t]]",
    "[[t|l]]",
    "<http://x>",
    "<div>",
    "\\",
    "[r]: /u",
    "é",
]
ODD = ["\r", "\r\n", "\x00", "\x85", "\u2028", "  \n", "[", "]", "(", "!", "|"]
PAGE = """above

# One *thing*

text

## Two ##
- a
  more
- b

  - deeper

```sh
# not a heading
```
> # quoted

Set
===
| a | b |
|---|---|
| 1 | 2 |
### Three
"""


def texts() -> st.SearchStrategy[str]:
    return st.lists(st.sampled_from([*SIGNS, *INLINE, *ODD]), max_size=20).map("".join) | st.text(max_size=60)


def test_headings_outside_code_lists_and_quotes() -> None:
    expected = [Heading(1, "One thing", 3), Heading(2, "Two", 7), Heading(1, "Set", 19), Heading(3, "Three", 24)]
    assert headings(PAGE) == expected


def test_sections_know_their_parents_and_end_at_any_heading() -> None:
    found = sections(PAGE)
    assert [(s.level, s.title, s.line, s.parents) for s in found] == [
        (0, "", 1, ()),
        (1, "One thing", 3, ()),
        (2, "Two", 7, ("One thing",)),
        (1, "Set", 19, ()),
        (3, "Three", 24, ("Set",)),
    ]
    assert [s.text for s in found[:2]] == ["above\n\n", "\ntext\n\n"]
    assert found[3].text == "| a | b |\n|---|---|\n| 1 | 2 |\n"


def test_blocks_are_whole() -> None:
    assert blocks(PAGE) == [
        "above\n\n",
        "# One *thing*\n\n",
        "text\n\n",
        "## Two ##\n",
        "- a\n  more\n",
        "- b\n\n  - deeper\n\n",
        "```sh\n# not a heading\n```\n",
        "> # quoted\n\n",
        "Set\n===\n",
        "| a | b |\n|---|---|\n| 1 | 2 |\n",
        "### Three\n",
    ]


@settings(max_examples=200)
@given(texts())
@example("a\rb\r\n# c\x85d")
def test_blocks_and_sections_are_the_text(text: str) -> None:
    assert "".join(blocks(text)) == text
    found = sections(text)
    assert all(section.text in text for section in found)
    assert [section.line for section in found] == sorted(section.line for section in found)


def test_links_with_their_lines() -> None:
    text = (
        "[a b](docs/é.md 'title') and [[01K|the lock]]\n"
        "  [two `c\nd`](<x y>) [[plain]] ![image](no.png)\n"
        "\n- <https://x.y> `[[code]]` \\[[no]] [ref]\n\n```\n[[fenced]]\n```\n    [[indented]]\n\n"
        "[ref]: #here\n| [[cell]] |\n|---|\n| [z](javascript:x) |\n"
    )
    assert links(text) == [
        Link("docs/é.md", "a b", 1),
        Link("01K", "the lock", 1),
        Link("x y", "two c d", 2),
        Link("plain", "plain", 3),
        Link("https://x.y", "https://x.y", 5),
        Link("#here", "ref", 5),
        Link("cell", "cell", 13),
        Link("javascript:x", "z", 15),
    ]


PROSE = [
    "[[t]]",
    "[[t|l]]",
    "[[ t | ]]",
    "[[",
    "]]",
    "[",
    "a",
    " ",
    "   ",
    "\n",
    "\n\n",
    "# ",
    "- ",
    "> ",
    "*",
    "__",
    "=",
    "\r",
]


@settings(max_examples=200)
@given(st.lists(st.sampled_from(PROSE), max_size=15))
@example([">     [[code]]"])
@example(["-     [[code]]"])
def test_prose_and_the_parser_agree_on_wiki_links(parts: list[str]) -> None:
    """A code span in a paragraph of its own sends `links` to the parser and changes nothing else."""
    text = "".join(parts)
    assert links(text) == links(text + "\n\n`x`\n")


@pytest.mark.parametrize(
    ("body", "title"),
    [
        ("", ""),
        (" \n\n", ""),
        ("# The *retry* queue ##\n\ntext", "The retry queue"),
        ("Set\nup\n===\ntext", "Set up"),
        ("Retries are owned by\nthe queue. They never raise.\n\n## Why\n", "Retries are owned by the queue"),
        ("Use v1.2, e.g. for tests. Not v1.3.", "Use v1.2, e.g. for tests"),
        ("Really? Yes.", "Really?"),
        ("And so on...", "And so on..."),
        ("これは文です。次の文です。", "これは文です。"),
        ("```py\nx = 1\n```\n\nThe code above sets x.", "The code above sets x"),
        ("text\n```\ncode\n```", "text"),
        ("```\nonly code\n```", "only code"),
        ("---\n<!-- note -->\n- [x] do **this** first\n- then that", "do this first"),
        ("1. [[01K9|ledger locking]] comes first", "ledger locking comes first"),
        ("> see [the docs](https://x.y/z_a) and <https://a.b>", "see the docs and https://a.b"),
        ("`__init__` of snake_case_name is _not_ 2 * 3 * 4 \\*", "__init__ of snake_case_name is not 2 * 3 * 4 *"),
        ("| name | use |\n|---|---|\n| a | b |", "name | use"),
        ("#hashtag is no heading", "#hashtag is no heading"),
        ('<p align="center">\n<img src="x.png"/>\n</p>\n\n# After the logo', "After the logo"),
        ("word " * 60, "word " * 22 + "word word…"),
        ("x" * 300, "x" * 119 + "…"),
    ],
)
def test_a_title_is_the_first_heading_or_sentence(body: str, title: str) -> None:
    assert first_title(body) == title


@settings(max_examples=300)
@given(texts())
def test_every_body_with_text_has_a_title_of_one_line(body: str) -> None:
    title = first_title(body)
    assert len(title) <= MAX_TITLE
    assert title == " ".join(title.split())
    assert bool(title) == bool(body.split())


@given(st.text("ab _*`[]()<>\\!~", max_size=40))
def test_stripping_markup_only_takes_signs_away(text: str) -> None:
    assert not set(strip_markup(text)) - set(text) - {" "}


def test_titles_and_prose_links_do_without_markdown_it() -> None:
    code = (
        "import sys; from memcli.core.text.markdown import first_title, links\n"
        "first_title('# A *b*\\n\\n```\\nx\\n```\\n'); links('see [[a|b]] *now*\\n- [[c]]\\n')\n"
        "print('markdown_it' in sys.modules)\n"
        "links('`[[a]]`'); print('markdown_it' in sys.modules)"
    )
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert ran.stdout.split() == ["False", "True"]
