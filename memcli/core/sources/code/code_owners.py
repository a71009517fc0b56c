"""CODEOWNERS: who answers for which paths: one memory for all of a short file, else one for each set of owners."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from memcli.core.memory.anchors import Anchor, has_wildcards
from memcli.core.sources.passage_text import short_title
from memcli.core.sources.passages import EPOCH, MAX_ANCHORS, Filing, Passage, memory_of
from memcli.core.sources.source_reader import Reading, Skipped, SourceReader, SourceUnit, extracts_of, one_file_units
from memcli.core.sources.source_tree import SourceTree

PLACES = ("CODEOWNERS", ".github/CODEOWNERS", "docs/CODEOWNERS", ".gitlab/CODEOWNERS")
_OWNER = r"(?:@[\w./-]+|[^\s@]+@[^\s@]+)"
_EVERYTHING = ("*", "**", "/", "/*", "/**", "**/*")
NAMED = 3
"""Paths that a title names."""
FEW = 10
"""Lines of a file that are one memory."""


@dataclass(frozen=True)
class OwnedPaths:
    """A line of the file: who owns what a pattern matches."""

    line: int
    pattern: str
    owners: tuple[str, ...]

    @property
    def glob(self) -> str:
        """The pattern as anchors write it: from the root, where it does not say otherwise below any directory."""
        tidy = self.pattern.strip("/")
        return tidy if "/" in self.pattern.rstrip("/") or not has_wildcards(tidy) else f"**/{tidy}"


def read_code_owners(tree: SourceTree, unit: SourceUnit) -> Reading:
    """What a file says about who owns what, without those of everything. Raises UnreadableSource."""
    (path,) = unit.paths
    text = tree.text(path)
    groups: defaultdict[tuple[str, ...], list[OwnedPaths]] = defaultdict(list)
    skipped: list[Skipped] = []
    for owned in owned_paths(text):
        if owned.pattern in _EVERYTHING:
            skipped.append(Skipped(path, "it owns everything, which says little", owned.line))
        elif not has_wildcards(owned.glob) and owned.glob not in tree.places:
            skipped.append(Skipped(path, f"no such path: {owned.pattern}", owned.line))
        else:
            groups[owned.owners].append(owned)
    if not groups:
        return Reading(skipped=(Skipped(path, skipped[0].reason if skipped else "it names no owners"),))
    lines = text.split("\n")
    if len(groups) > 1 and sum(map(len, groups.values())) <= FEW:
        return Reading(extracts_of([memory_of(*_all_ownership(path, lines, groups))]), tuple(skipped))
    return Reading(
        extracts_of(memory_of(*_ownership(path, lines, owners, group)) for owners, group in groups.items()),
        tuple(skipped),
    )


def owned_paths(text: str) -> Iterator[OwnedPaths]:
    """The lines with owners; below a heading of GitLab that names owners, those without any have these."""
    default: tuple[str, ...] = ()
    for number, line in enumerate(text.split("\n"), 1):
        content = re.sub(r"(?:^|\s)#.*", "", line[:2000]).strip()
        if heading := re.match(r"\^?\[[^\]]*\](?:\[\d+\])?(.*)", content):
            default = tuple(word for word in heading[1].split() if re.fullmatch(_OWNER, word))
        elif content:
            pattern, *rest = re.split(r"(?<!\\)\s+", content)
            owners = tuple(word for word in rest if re.fullmatch(_OWNER, word)) or default
            if owners:
                yield OwnedPaths(number, pattern.replace("\\ ", " "), owners)


def _ownership(path: str, lines: list[str], owners: tuple[str, ...], group: list[OwnedPaths]) -> tuple[Passage, Filing]:
    """The lines of owners as they stand, and how they are filed."""
    names = " and ".join(owners[:NAMED]) + (" and others" if len(owners) > NAMED else "")
    listed = [owned.pattern.strip("/") for owned in group]
    more = f" and {len(listed) - NAMED} more" if len(listed) > NAMED else ""
    title = short_title(f"{', '.join(listed[:NAMED])}{more}: owned by {names}")
    anchors = tuple(dict.fromkeys(Anchor(owned.glob) for owned in group))[:MAX_ANCHORS]
    text = "\n".join(f"    {lines[owned.line - 1].strip()}" for owned in group)
    body = f"Reviews of these paths are asked of {names}:\n\n{text}"
    passage = Passage(f"{path}#L{group[0].line}", body, EPOCH)
    return passage, Filing(title, "stability", "ownership", tags=("codeowners",), paths=anchors)


def _all_ownership(
    path: str, lines: list[str], groups: Mapping[tuple[str, ...], list[OwnedPaths]]
) -> tuple[Passage, Filing]:
    """The lines of all owners as they stand, and how they are filed."""
    owned = sorted((each for group in groups.values() for each in group), key=lambda each: each.line)
    named = [f"{each.pattern.strip('/')} by {each.owners[0]}" for each in owned]
    more = f" and {len(named) - NAMED} more" if len(named) > NAMED else ""
    text = "\n".join(f"    {lines[each.line - 1].strip()}" for each in owned)
    anchors = tuple(dict.fromkeys(Anchor(each.glob) for each in owned))[:MAX_ANCHORS]
    passage = Passage(f"{path}#L{owned[0].line}", f"Reviews of these paths are asked of their owners:\n\n{text}", EPOCH)
    title = short_title(f"Code owners: {', '.join(named[:NAMED])}{more}")
    return passage, Filing(title, "stability", "ownership", tags=("codeowners",), paths=anchors)


READER = SourceReader("owners", "CODEOWNERS", one_file_units(PLACES.__contains__), read_code_owners)
