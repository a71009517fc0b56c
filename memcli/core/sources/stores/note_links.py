"""Links between the notes of a store: `[[name]]` becomes `[[id|name]]` where the name is that of one memory."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping

_WIKI_LINK = re.compile(
    r"```.*?(?:```|\Z)|`[^`\n]*`|\[\[([^\[\]|\n#]{1,300})(#[^\[\]|\n]*)?(?:\|([^\[\]\n]*))?\]\]", re.DOTALL
)


def normalised_name(name: str) -> str:
    """A name in the form in which links are compared: `Project_X note` is `project-x-note`."""
    return re.sub(r"[\W_]+", "-", name.removesuffix(".md").lower()).strip("-")


def ids_by_name(notes: Iterable[tuple[str, str, Iterable[str]]]) -> dict[str, str]:
    """{name: id} of (id, own name, other names); an own name takes precedence, and another one that two notes share
    refers to neither."""
    named = [(id_, normalised_name(own), frozenset(map(normalised_name, others))) for id_, own, others in notes]
    ids: dict[str, str] = {}
    for id_, own, _ in named:
        ids.setdefault(own, id_)
    counts = Counter(name for _, own, others in named for name in others | {own})
    for id_, _, others in named:
        for name in sorted(others):
            if counts[name] == 1:
                ids.setdefault(name, id_)
    return {name: id_ for name, id_ in ids.items() if name}


def with_note_links(body: str, ids: Mapping[str, str]) -> str:
    """The body with `[[name]]` as `[[<id>|name]]` where the name is known, except in code."""

    def link(match: re.Match[str]) -> str:
        target = ids.get(normalised_name(match[1])) if match[1] else None
        return f"[[{target}|{match[3] or match[1]}]]" if target else match[0]

    return _WIKI_LINK.sub(link, body)
