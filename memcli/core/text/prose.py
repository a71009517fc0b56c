"""Markdown as prose: the title of a body, and text without its markup. Plain string handling only.

`mem add` needs a title within its first milliseconds, so this module does not use markdown-it.
"""

from __future__ import annotations

import re

MAX_TITLE = 120
SCANNED = 1000
"""Characters scanned for a title: the patterns for markup take quadratic time on a line of asterisks."""
_FENCE = re.compile(r" {0,3}(`{3,}|~{3,})")
_WIKI_LINK = re.compile(r"\[\[([^\[\]|\n]+)(?:\|([^\[\]\n]*))?\]\]")


def first_title(body: str) -> str:
    """The first heading or sentence as a title: one line, no markup, at most 120 characters; '' for an empty body."""
    heading, text = _first_text(body.splitlines())
    title = strip_markup(text[:SCANNED])
    if not heading:
        title = re.split(r"(?<=[.!?])\s+(?=[^\W\d_a-z]|[\[(\"'`]|\d)|(?<=[。！？])", title, maxsplit=1)[0]
        title = title[:-1] if title.endswith(".") and not title.endswith("..") else title
    return _shortened(title or _first_line(body))


def _first_line(body: str) -> str:
    """The first line of text in a body of nothing but code or rules."""
    lines = [" ".join(line.split()) for line in body.splitlines()]
    lines = [line for line in lines if line]
    return next((line for line in lines if not _FENCE.match(line)), lines[0] if lines else "")


def _first_text(lines: list[str]) -> tuple[bool, str]:
    """Whether the first text outside code is a heading, and its source ('' where there is none)."""
    paragraph: list[str] = []
    fence = ""
    for line in lines:
        text = line.strip()
        mark = _FENCE.match(line)
        if fence or mark:
            fence = _fence_after(fence, mark[1] if mark else "", text)
            if paragraph:
                break
        elif paragraph and (_is_underline(text) or not text or _starts_block(text)):
            return _is_underline(text), " ".join(paragraph)
        elif text.startswith("#") and text.lstrip("#")[:1] in ("", " ", "\t") and text.strip("#").strip():
            return True, re.sub(r"^#+|\s#+$", "", text)
        elif not re.fullmatch(r"([-*_=] *){3,}|<!--.*-->|(<[^<>]+> *)+|#+|", text):
            paragraph.append(_without_block_marks(text))
    return False, " ".join(paragraph)


def _fence_after(fence: str, mark: str, text: str) -> str:
    """The fence that is open after a line; '' for none."""
    if not fence:
        return mark
    return "" if mark.startswith(fence) and not text.strip(mark[0]) else fence


def _is_underline(text: str) -> bool:
    return bool(text) and (not text.strip("=") or not text.strip("-"))


def _starts_block(text: str) -> bool:
    return bool(re.match(r"[-*+>] |\||#{1,6} |\d{1,9}[.)] ", text))


def _without_block_marks(text: str) -> str:
    """A line without the marks of a quote, a list item, a task or a table row."""
    return re.sub(r"^(?:(?:[-*+>|]|\d{1,9}[.)])\s+|>)*(?:\[[ xX]\]\s+)?", "", text).rstrip("| ")


def _shortened(title: str) -> str:
    if len(title) <= MAX_TITLE:
        return title
    cut = title[: MAX_TITLE - 1]
    words = cut if title[MAX_TITLE - 1] == " " else cut.rpartition(" ")[0]
    return (words if len(words) > MAX_TITLE // 2 else cut).rstrip(" ,;:-–—") + "…"


def strip_markup(text: str) -> str:
    """Inline markdown as one line of text, without the signs of code, links, wiki links, images and emphasis."""
    literals: list[str] = []

    def protect(literal: str) -> str:
        literals.append(literal)
        return f"\0{len(literals) - 1}\0"

    text = text.replace("\0", "")
    if not any(sign in text for sign in "`\\[<*~_"):
        return " ".join(text.split())
    text = re.sub(r"(?<!`)(`+)(?!`)(.+?)(?<!`)\1(?!`)", lambda match: protect(match[2].strip()), text, flags=re.S)
    text = re.sub(r"\\([!-/:-@\[-`{-~])", lambda match: protect(match[1]), text)
    text = _WIKI_LINK.sub(lambda match: (match[2] or "").strip() or match[1].strip(), text)
    text = re.sub(
        r"!?\[([^\[\]]*)\](?:\([^()\s]*(?:\([^()]*\)[^()\s]*)?(?:\s+[\"'][^)]*)?\)|\[[^\[\]]*\])", r"\1", text
    )
    text = re.sub(r"<([A-Za-z][A-Za-z0-9+.-]+:[^<>\s]*)>", r"\1", text)
    for sign in (r"\*\*\*", r"\*\*", r"\*", "~~"):
        text = re.sub(rf"{sign}(?=[^\s*~])(.+?)(?<=[^\s*~]){sign}", r"\1", text)
    text = re.sub(r"(?<!\w)(_{1,3})(?=[^\s_])(.+?)(?<=[^\s_])\1(?!\w)", r"\2", text)
    text = re.sub("\0(\\d+)\0", lambda match: literals[int(match[1])], text)
    return " ".join(text.split())
