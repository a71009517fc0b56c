"""Checks of a candidate's own file: size, schema, secret, private, terminal-escape and path-safety."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping

from memcli.core.finding import Problem
from memcli.core.memory.document import MAX_BYTES, DocumentError, KeyLines, Value, parse_document
from memcli.core.memory.memory import Memory
from memcli.core.review.candidates import POLICY, Candidate
from memcli.core.review.private import has_private
from memcli.core.review.safe_paths import unsafe_anchor, unsafe_path
from memcli.core.review.secrets import find_secrets

# C0 but for tab and line feed, DEL, C1, and the characters that turn the direction of a line around
_ESCAPE = "[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]"


def size(candidate: Candidate) -> Iterator[Problem]:
    """A file beyond the limit."""
    count = len(candidate.new_text.encode("utf-8", "surrogatepass"))
    if count > MAX_BYTES:
        step = "split it, or keep the long part in a file of the code and anchor that file"
        yield Problem(f"the file has {count:,} bytes; a memory has at most {MAX_BYTES:,}", step)


def schema(candidate: Candidate) -> Iterable[Problem]:
    """What the reader of the file reported, and what a memory must not lack."""
    if candidate.change == POLICY:
        from memcli.core.review.policy import policy_problems

        return policy_problems(candidate.new_text)
    return [
        *(Problem(problem.message, problem.next, problem.severity, problem.id) for problem in candidate.problems),
        *_content(candidate),
    ]


def _content(candidate: Candidate) -> Iterator[Problem]:
    before, after = candidate.before, candidate.after
    if after is None or after.status == "withdrawn":
        return
    if not after.title.strip():
        yield Problem("title: is blank", "give it a title of one line")
    if not after.body.strip():
        yield Problem("the body is empty", "write what is known below the front matter")
    if before and before.id != after.id:
        yield Problem(f"id: was {before.id}; an id never changes", f"restore 'id: {before.id}'")


def secret(candidate: Candidate) -> Iterator[Problem]:
    """One problem for each credential in the text or the path; the message names kind and place only."""
    step = "replace it with a placeholder such as <token>; revoke the credential if it was ever shared"
    for credential in find_secrets(candidate.new_text):
        article = "an" if credential.kind[0].lower() in "aeio" else "a"
        yield Problem(f"{_place(candidate, credential.line)}: looks like {article} {credential.kind}", step)
    for credential in find_secrets(candidate.path)[:1]:
        yield Problem(f"the name of the file holds a {credential.kind}", "rename the file; revoke what was ever shared")


def _place(candidate: Candidate, line: int) -> str:
    """A line of the file as its author knows it: a key of the front matter, or a line of the body."""
    text = candidate.new_text
    try:
        document = parse_document(text)
    except DocumentError:
        return f"line {line}"
    first = text.count("\n", 0, len(text) - len(document.body)) + 1
    if document.bare or not text.endswith(document.body):
        return f"line {line}"
    if line >= first:
        return f"body, line {line - first + 1}"
    return next((entry.key for entry in reversed(document.entries) if entry.line <= line), f"line {line}")


def private(candidate: Candidate) -> Iterator[Problem]:
    """A `<private>` block; mem removes them when it writes, so this one came in another way, such as a fetch."""
    text = candidate.new_text
    if has_private(text) or any(has_private(inner) for _, inner in _escaped_strings(text)):
        yield Problem("the text contains a `<private>` block", "remove what is between <private> and </private>")


def terminal_escape(candidate: Candidate) -> Iterator[Problem]:
    """The first character that a terminal obeys; else each key that spells one, as in `"\\x1b"`."""
    text = candidate.new_text
    if match := re.search(_ESCAPE, text):
        line = text.count("\n", 0, match.start()) + 1
        yield Problem(f"line {line}: control character U+{ord(match[0]):04X}", f"remove it from line {line}")
        return
    for entry in dict.fromkeys(entry for entry, inner in _escaped_strings(text) if re.search(_ESCAPE, inner)):
        message = f"line {entry.line}: the value of '{entry.key}' contains an escaped control character"
        yield Problem(message, f"remove it from line {entry.line}")


def _escaped_strings(text: str) -> Iterator[tuple[KeyLines, str]]:
    """The texts in front matter with the entry they are in, if any of them may hold an escape."""
    if "\\" in text:
        try:
            entries = parse_document(text).entries
        except DocumentError:
            return
        yield from ((entry, inner) for entry in entries for inner in _strings(entry.value))


def _strings(value: Value) -> Iterator[str]:
    """Every text in a value, keys of mappings too."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for key, inner in value.items():
            yield key
            yield from _strings(inner)
    elif value is not None:
        for inner in value:
            yield from _strings(inner)


def path_safety(candidate: Candidate) -> Iterator[Problem]:
    """The file's own path, and the code paths that the memory names."""
    if reason := unsafe_path(candidate.path):
        step = "move the file two directories deep, such as semantic/payments/retries.md"
        yield Problem(f"{candidate.path!r} {reason}", step)
    for path in _code_paths(candidate.after) if candidate.after else ():
        if reason := unsafe_anchor(path):
            step = "write anchors relative to the repository's root, such as src/app.py"
            yield Problem(f"anchor {path!r} {reason}", step)


def _code_paths(memory: Memory) -> list[str]:
    """The code paths a memory names: its anchors, and what its `holds_if` rules open."""
    return [*(anchor.path for anchor in memory.paths), *(_rule_paths(memory.holds_if) if memory.holds_if else ())]


def _rule_paths(rules: Iterable[str]) -> Iterator[str]:
    from memcli.core.memory.holds_if import parse_rule  # few memories have rules

    for text in rules:
        if text.split():
            rule = parse_rule(text)
            yield rule.path if rule else text.split()[0]
