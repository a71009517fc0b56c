"""The template of pull requests: the rules in it, which stand in comments and in a list to tick off."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import PurePosixPath

from memcli.core.sources.passage_text import count_words, humanise, is_instruction, is_strict, plain_text
from memcli.core.sources.passages import EPOCH, Filing, Passage, SourceFile, memory_of
from memcli.core.sources.source_reader import Extract, extracts_of

FEWEST, FEWEST_WORDS = 2, 20
"""Rules of a template that are worth keeping, and their words."""
_PATH = re.compile(
    r"(?i)(?:(?:\.github|\.gitlab|docs)/)?(?:pull_request_template|merge_request_templates?/[^/]+)\.(?:md|txt|rst)|"
    r"(?:(?:\.github|docs)/)?pull_request_template/[^/]+\.md"
)
_ASKS = re.compile(
    r"(?i)^(?:please )?(?:describe|explain|summari[sz]e|tell us|what (?:does|is|did|changed)|why\b|fixes|closes|link|"
    r"list|provide|add (?:a|your|any|screenshots?)|include (?:a|any) (?:short|brief)|thank|replace|delete|remove this|"
    r"fill)\b"
)
"""How lines begin that only ask for a text."""
_SPECIFIC = re.compile(r"`[^`\n]+`|\]\(|https?://|\b\w+\.(?:md|rst|ya?ml|json|toml)\b")


def is_request_template(path: str) -> bool:
    """Whether a file is the template of pull requests or merge requests."""
    return _PATH.fullmatch(path) is not None


def request_rules(file: SourceFile) -> Iterator[Extract]:
    """The rules of a template as one memory, where it has several."""
    rules = list(_rules(file.text))
    text = "\n".join(rules)
    if len(rules) < FEWEST or count_words(text) < FEWEST_WORDS or not _SPECIFIC.search(text):
        return
    passage = Passage(f"{file.path}#L1", text, EPOCH)
    filing = Filing(_title(file.path), "procedure", "pull-requests")
    yield from extracts_of([memory_of(passage, filing)])


def _title(path: str) -> str:
    """What the template is for: that of one kind of request is named after it."""
    kind = humanise(PurePosixPath(path).stem) if "template/" in path.lower() else ""
    return f"What a pull request has to fulfil{': ' + kind if kind else ''}"


def _rules(text: str) -> Iterator[str]:
    """The sentences and items of a template that tell what to do, as items of a list."""
    for sentence in _sentences(text):
        plain = plain_text(sentence)
        is_rule = is_strict(plain) or is_instruction(plain) or re.match(r"(?i)(?:i(?:'ve| have)|if)\b", plain)
        if is_rule and count_words(plain) > 3 and not _ASKS.match(plain) and not sentence.startswith("#"):
            yield f"- {sentence}"


def _sentences(text: str) -> Iterator[str]:
    """The sentences of the paragraphs and items of a template, those in comments too."""
    blocks = re.split(r"\n[ \t]*\n|\n(?=[ \t]*(?:[-*+]|\d+[.)])[ \t])", re.sub(r"<!--+|--+>", "\n\n", text))
    for block in blocks:
        line = " ".join(re.sub(r"^[ \t]*(?:[-*+]|\d+[.)])?[ \t]*(?:\[[ xX]?\])?", "", block.strip()).split())
        yield from filter(None, re.split(r"(?<=[a-z)][.!?]) (?=[A-Z])", line))
