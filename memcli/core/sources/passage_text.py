"""Reading a passage of markdown for filing: its words, a title, and whether it is a rule or a procedure."""

from __future__ import annotations

import re

from memcli.core.sources.rule_words import DECIDED, IMPERATIVE, MUST, PREFER, STABLE, STABLE_HEADING
from memcli.core.text.prose import strip_markup

MAX_BODY = 60 * 1024
"""Bytes; that leaves room for the front matter in a file of 64 KiB."""
LONGEST_TITLE = 100
"""Characters of a title that was made from a source."""
MAX_LINE = 2000
"""Characters of a line that are scanned for a title."""
_INVISIBLE = r"!\[[^\]]{0,500}\](?:\([^)]{0,1000}\)|\[[^\]]{0,500}\])|<[a-zA-Z/][^<>\n]{0,500}>"
_CODE_OR_INVISIBLE = rf"(`[^`\n]+`)|{_INVISIBLE}"
_FENCE = r"[ \t]*(`{3,}|~{3,})"
_SHELL = (
    r"(?m)^[ \t]*(?:`{3,}|~{3,})[ \t]*(?:bash|sh|shell|zsh|fish|console|terminal|powershell|ps1|cmd|bat|shell-session)"
    r"\b|^[ \t]*\$ \S"
)
_HOW_TO = (
    r"(?i)\b(?:install(?:ation|ing)?|usage|using|set(?:ting)?[ -]?up|build(?:ing)?|run(?:ning)?|deploy(?:ment|ing|s)?|"
    r"test(?:s|ing)?|releas(?:e|es|ing)|contribut(?:e|ing)|get(?:ting)? started|quick[ -]?start|how[ -]to|guide|"
    r"tutorial|walkthrough|upgrad(?:e|ing)|migrat(?:e|ing)|configur(?:e|ing)|develop(?:ing|ment)|debug(?:ging)?|"
    r"troubleshoot(?:ing)?|publish(?:ing)?|procedure|steps|commands?|runbook|playbook|recipes?|roll(?:ing)?[ -]?back|"
    r"restor(?:e|ing)|provision(?:ing)?|bootstrap(?:ping)?|workflow)\b"
)
_RULES = (
    r"(?i)\b(?:rules?|important|constraints?|critical|regeln?|règles?|reglas?|regras?|regol[ae]|zasady|правила)\b|"
    r"规则|规范|ルール|규칙"
)
_LEADING_COMMAND = r"(?m)^[ \t]*(?:[-*+]|\d+[.)])[ \t]+(?:\*\*)?(?:[\w ,/'-]{1,40}:(?:\*\*)?[ \t]+)?`[^`\n]*[ `]"

_INLINE_COMMAND = r"`(?:\./[\w./-]{1,60}|[a-z][\w-]{1,20} [\w./:@=-][\w./:@= \"'<>-]{0,200})`"


def word_list(text: str) -> frozenset[str]:
    """The set of the words in a text: a table that is easier to read as a paragraph."""
    return frozenset(text.split())


def plain_text(text: str) -> str:
    """One line without markup, made cheaply, for counting and comparing."""
    text = re.sub(_INVISIBLE, " ", without_comments(text))
    text = re.sub(r"\[\[(?:[^\[\]|]*\|)?([^\[\]|]*)\]\]", r"\1", text)
    text = re.sub(r"\[([^\[\]]*)\](?:\([^()\s]*\)|\[[^\[\]]*\])?", r"\1", text)
    return " ".join(re.sub(r"[`*]+|~~|\\(?=[\W_])", "", text).split())


def title_text(text: str) -> str:
    """One line as a title shows it, without markup, images, tags and unprintable characters."""
    line = strip_markup(re.sub(_CODE_OR_INVISIBLE, lambda part: part[1] or " ", without_comments(text[:MAX_LINE])))
    return " ".join("".join(letter if letter.isprintable() else " " for letter in line).split())


def short_title(text: str) -> str:
    """A title of at most `LONGEST_TITLE` characters, cut between words."""
    line = title_text(text).strip(" #:")
    if len(line) <= LONGEST_TITLE:
        return line
    head = line[: LONGEST_TITLE - 1]
    return (head.rsplit(" ", 1)[0] if " " in head[50:] else head).rstrip(" ,;:-") + "…"


def first_sentence(text: str) -> str:
    """The first sentence of the first paragraph or list item of more than one word; '' where there is none."""
    for block in re.split(r"\n[ \t]*\n|\n(?=[ \t]*(?:[-*+]|\d+[.)]) )", without_fences(text)):
        line = title_text(re.sub(r"^[\s>#]*(?:(?:[-*+]|\d+[.)])\s+)?", "", block))
        if count_words(line) > 1:
            return re.split(r"(?<=[.!?])\s", line, maxsplit=1)[0].rstrip(".")
    return ""


def humanise(name: str) -> str:
    """A file name as words: `retry-queue.md` gives `Retry queue`; only the case of the first letter changes."""
    words = re.sub(r"[-_\s]+", " ", re.sub(r"\.(?:instructions\.)?(?:md|mdx|mdc|markdown)$", "", name)).strip()
    return words[:1].upper() + words[1:]


def without_fences(text: str) -> str:
    """The text without its fenced code blocks; an unclosed one reaches to the end."""
    kept: list[str] = []
    fence = ""
    for line in text.split("\n"):
        mark = re.match(_FENCE, line)
        if fence:
            closes = mark and mark[1].startswith(fence) and not line.strip().strip("`~")
            fence = "" if closes else fence
        elif mark:
            fence = mark[1]
        else:
            kept.append(line)
    return "\n".join(kept)


def without_comments(text: str) -> str:
    """The text without HTML comments; an unclosed one is kept."""
    kept: list[str] = []
    at = 0
    while (start := text.find("<!--", at)) >= 0 and (end := text.find("-->", start)) >= 0:
        kept.append(text[at:start])
        at = end + 3
    return " ".join((*kept, text[at:]))


def count_words(text: str) -> int:
    """The words that a reader sees, without markup, URLs and digits; two letters of an unspaced script are one word."""
    text = re.sub(r"\]\([^)\n]{0,1000}\)|https?://\S+|(?m:^\[[^\]\n]+\]:.*$)", " ", text)
    unspaced = len(re.findall(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af\u0e00-\u0e7f]", text))
    return len(re.findall(r"[^\W\d_][\w'’]*", plain_text(text))) + unspaced // 2


def prose_words(text: str) -> int:
    """The words outside fences, images and tags."""
    return count_words(without_fences(text))


def is_contents(text: str) -> bool:
    """Whether most words are links, as in a table of contents."""
    linked = sum(count_words(label) for label in re.findall(r"(?<!!)\[([^\[\]\n]+)\]\(", text))
    return linked > 0.6 * max(1, prose_words(text))


def has_shell(text: str) -> bool:
    """Whether the text has shell commands."""
    return re.search(_SHELL, text) is not None


def has_commands(text: str) -> bool:
    """Whether the text has shell commands, in code blocks or inline."""
    return has_shell(text) or re.search(_INLINE_COMMAND, text) is not None


def is_how_to(heading: str, text: str) -> bool:
    """Whether the text is a procedure: its heading says so, or it has numbered steps or commands."""
    steps = re.findall(r"(?m)^[ \t]{0,3}\d{1,2}[.)][ \t]+\S", without_fences(text))
    return re.search(_HOW_TO, heading) is not None or len(steps) > 1 or has_shell(text)


def is_strict(text: str) -> bool:
    """Whether the text says must, never or always."""
    return MUST.search(text) is not None


def is_instruction(text: str) -> bool:
    """Whether a sentence tells what to do or what must be."""
    return any(words.search(text) for words in (MUST, PREFER, IMPERATIVE))


def rule_type(heading: str, text: str) -> str:
    """The type of a section of rules by its wording: `procedure`, `stability`, `constraint`, `decision`, `preference`
    or `fact`."""
    prose = without_fences(text)
    items = len(re.findall(r"(?m)^[ \t]*(?:[-*+]|\d+[.)])[ \t]+\S", prose))
    statements = items or len(re.findall(r"\S[^\n]*(?:\n\S[^\n]*)*", prose))
    if STABLE_HEADING.search(heading) or _has_share(STABLE, prose, statements, 2):
        return "stability"
    commands = len(re.findall(_LEADING_COMMAND, text)) if re.search(_HOW_TO, heading) else 0
    if has_shell(text) or (items and commands * 2 >= items) or re.search(r"(?i)\b(?:commands?|workflow)\b", heading):
        return "procedure"
    whole = f"{heading}\n{prose}"
    if _has_share(MUST, whole, 1 if MUST.search(heading) or re.search(_RULES, heading) else statements, 3):
        return "constraint"
    if _has_share(DECIDED, prose, statements, 2):
        return "decision"
    if _has_share(PREFER, whole, statements, 3) or _has_share(IMPERATIVE, prose, statements, 2):
        return "preference"
    return "procedure" if is_how_to(heading, text) and not items else "fact"


def _has_share(words: re.Pattern[str], text: str, statements: int, part: int) -> bool:
    """Whether at least one in `part` of the statements has one of the words."""
    return len(words.findall(text)) * part >= max(statements, part)


def contains(text: str, part: str) -> bool:
    """Whether a text has another in it, regardless of case, markup and white space."""
    return " ".join(plain_text(part).lower().split()) in " ".join(plain_text(text).lower().split())
