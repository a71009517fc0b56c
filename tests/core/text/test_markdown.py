"""Headings and blocks are exact source; titles are one line without markup."""

from __future__ import annotations

import re
import subprocess
import sys
import time

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from memcli.core.text.markdown import MarkdownHeading, blocks, headings, inert_html
from memcli.core.text.prose import MAX_TITLE, first_title, strip_markup

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
    assert headings(PAGE) == [
        MarkdownHeading(1, "One thing", 3),
        MarkdownHeading(2, "Two", 7),
        MarkdownHeading(1, "Set", 19),
        MarkdownHeading(3, "Three", 24),
    ]


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
def test_joined_blocks_are_the_text(text: str) -> None:
    assert "".join(blocks(text)) == text
    lines = [heading.line for heading in headings(text)]
    assert lines == sorted(lines)


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
        ("#hashtag is not a heading", "#hashtag is not a heading"),
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
def test_stripping_markup_only_removes_signs(text: str) -> None:
    assert not set(strip_markup(text)) - set(text) - {" "}


def test_titles_do_without_markdown_it() -> None:
    code = (
        "import sys; from memcli.core.text.markdown import headings\n"
        "from memcli.core.text.prose import first_title\n"
        "first_title('# A *b*\\n\\n```\\nx\\n```\\n')\n"
        "print('markdown_it' in sys.modules)\n"
        "headings('# A'); print('markdown_it' in sys.modules)"
    )
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert ran.stdout.split() == ["False", "True"]


@pytest.mark.parametrize(
    "text",
    [
        "<script>alert(1)</script>",
        "<img src=x onerror=alert(1)>",
        "[a](javascript:alert(1)) [b](https://example.com) ![c](https://example.com/x.png)",
        "<https://example.com> [a]: javascript:alert(1)",
        "[a]\n\n[a]: https://example.com 'title'",
        "<!-- --> <?x?> <![CDATA[ ]]>",
        "```<script> onload=x\n</code></pre><script>\n```",
        "| a |\n|:-:|\n| <b> |",
    ],
)
def test_nothing_in_a_body_is_active(text: str) -> None:
    html = inert_html(text)
    tags = re.findall(r"<[^>]*>", html)
    assert all(re.fullmatch(r'</?[a-z]+\d?( class="[^"]*")?( /)?>', tag) for tag in tags), tags
    assert not {tag.strip("</> ").split()[0] for tag in tags} & {"a", "img", "script", "b"}


def test_what_is_not_active_stands_there_as_it_was_written() -> None:
    assert inert_html("[a](b) &#x202e; <b>") == "<p>[a](b) &amp;#x202e; &lt;b&gt;</p>\n"
    assert inert_html("# Title\ntext") == '<p class="heading">Title</p>\n<p>text</p>\n'


def test_the_worst_bodies_do_not_take_long() -> None:
    for part in ("*a ", "`", "[", "> ", "- ", "**_", "|", "\\", "~~~\n", "1. "):
        start = time.process_time()
        inert_html(part * (65_536 // len(part)))
        assert time.process_time() - start < 10, part
