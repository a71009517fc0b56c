"""Which paths of a repository are sources, and of which sorts they may be; what a text turns out to be is for others.

Invariant: a path is judged by its own words only, so the listing of a repository can be filtered before it is read.
"""

from __future__ import annotations

import re
from pathlib import PurePosixPath

from memcli.core.bootstrap.passage_text import word_list

DECISION, NOTE, RULE, PAGE = "decision", "note", "rule", "page"
_SUFFIXES = frozenset((".md", ".markdown", ".mdx"))
_DOCS = frozenset(("docs", "doc", "documentation"))
_DECISIONS = word_list(
    """
    adr adrs decision decisions decision-records decision_records decision-log rfc rfcs architecture-decisions
    architecture_decisions architecture-decision-records design-decisions architectural-decisions
    architecture_decision_records
    """
)
NOTE_PLACES = word_list(
    """
    memory memories memory-bank memory_bank agent-memory agent-memory-local
    """
)
_FOREIGN = word_list(
    """
    node_modules bower_components vendor vendored third_party third-party thirdparty external externals
    site-packages venv .venv pods fixtures __fixtures__ fixture test-fixtures testdata test_data test-data
    __tests__ __snapshots__ __mocks__ .git .mem submodules golden goldens _build generated _generated apidoc
    apidocs typedoc javadoc _autosummary versioned_docs versioned_sidebars
    """
)
_BUILT = word_list(
    """
    dist build target out _site site coverage
    """
)
_SHOWN = word_list(
    """
    examples example samples sample demo demos templates template boilerplate skeleton starters playground
    """
)
_NEWS = word_list(
    """
    changelog changelogs release-notes release_notes releases blog news newsletter
    """
)
_PAST = word_list("archive archived old obsolete deprecated completed draft drafts attic historical")
_RULE_FILES = word_list(
    """
    agents.md agent.md claude.md claude.local.md gemini.md .cursorrules .windsurfrules .clinerules
    copilot-instructions.md
    """
)
_RULE_PLACES = ((".cursor", "rules"), (".claude", "rules"), (".windsurf", "rules"), (".github", "instructions"))
_ROOT_PAGES = word_list(
    """
    architecture contributing design development developing hacking testing install installation building
    build deploy deployment deploying release releasing operations runbook glossary conventions styleguide
    style usage getting-started decisions setup troubleshooting migration upgrading overview concepts
    """
)
_NO_PAGE = (
    r"(?:change-?logs?|changes|history|whats-?new|release-?notes?|copying|notice|copyright|patents|"
    r"code-of-conduct|contributors|authors|maintainers|codeowners|governance|sponsors|backers|pull-request-template|"
    r"issue-template|bug-report|feature-request|third-party-notices|summary|sidebar|navbar|coverpage|footer|404|toc|"
    r"credits|acknowledge?ments|cla)(?:-v?\d.*|-archive|-template)?|licen[cs]es?(?:-.*)?"
)
_TEMPLATE_WORDS = word_list(
    """
    adr adrs rfc rfcs madr decision record nnnn nnn xxxx xxx yyyymmdd short long minimal bare full annotated
    simple light basic nygard y the my
    """
)
_INDICES = word_list(
    """
    readme index toc summary overview log adr-log decision-log adrs decisions list nav sidebar adr
    contributing process glossary changelog
    """
)


def is_source(path: str) -> bool:
    """Whether bootstrap wants to read the file at `path` (relative to the repository, `/` between names)."""
    return bool(sorts(path))


def sorts(path: str) -> tuple[str, ...]:
    """What the file may hold, the most specific first; empty where it is no source."""
    place = PurePosixPath(path)
    parents = tuple(part.lower() for part in place.parts[:-1])
    if not place.name or _is_foreign(parents):
        return ()
    if _is_rule(parents, place.name.lower()):
        return (RULE,)
    if place.suffix.lower() not in _SUFFIXES:
        return ()
    found = ((NOTE, _may_be_note(parents, place)), (DECISION, is_decision(path)), (PAGE, _is_page(parents, place)))
    return tuple(sort for sort, holds in found if holds)


def _is_foreign(parents: tuple[str, ...]) -> bool:
    tested = next((n for n, part in enumerate(parents) if re.fullmatch(r"(?:.*[-_])?(?:tests?|specs?)", part)), None)
    deep = tested is not None and len(parents) > tested + 1 and not _DOCS & set(parents[:tested])
    return bool(_FOREIGN & set(parents)) or bool(_BUILT & set(parents[:1])) or deep


def _is_rule(parents: tuple[str, ...], name: str) -> bool:
    if name in _RULE_FILES:
        return True
    ruled = any(parents[n : n + 2] in _RULE_PLACES for n in range(len(parents)))
    return name.endswith((".md", ".mdc")) and (ruled or parents[-1:] == (".clinerules",))


def _may_be_note(parents: tuple[str, ...], place: PurePosixPath) -> bool:
    return place.name.lower() == "memory.md" or bool(NOTE_PLACES & set(parents))


def is_decision(path: str) -> bool:
    """Whether a path is that of a decision record: in a directory for them or named like one; no index or template."""
    place = PurePosixPath(path)
    parents = [part.lower() for part in place.parts[:-1]]
    stem = place.stem.lower()
    if is_template(stem) or stem in _INDICES or "templates" in parents or "template" in parents:
        return False
    named = re.match(r"adr[-_ ]?\d+", stem) is not None
    rust = parents[-1:] == ["text"] and re.match(r"\d{4}-", stem) is not None
    return named or rust or bool(_DECISIONS & set(parents))


def is_template(stem: str) -> bool:
    """`template`, `adr-template`, `0000-template`, `adr-template-minimal`; not `0012-template-engine`."""
    words = [word for word in re.split(r"[\W_]+", stem.lower()) if word and not word.isdigit()]
    return [word for word in words if word not in _TEMPLATE_WORDS] in (["template"], ["templates"])


def is_index(path: str) -> bool:
    """Whether the file stands for its directory."""
    return PurePosixPath(path).stem.lower() in ("readme", "index", "_index")


def _is_page(parents: tuple[str, ...], place: PurePosixPath) -> bool:
    name = re.sub(r"[\W_]+", "-", place.stem.lower()).strip("-")
    documented = bool(_DOCS & set(parents))
    listed = is_index(place.name) and bool(_DECISIONS & set(parents[-1:]))
    hidden = any(part.startswith(".") and part != ".github" for part in parents) or place.name.startswith(".")
    if hidden or listed or re.fullmatch(_NO_PAGE, name) or is_template(name) or (_NEWS | _PAST) & set(parents):
        return False
    if name == "readme":
        return documented or not _SHOWN & set(parents)
    rooted = parents in ((), (".github",)) and name in _ROOT_PAGES
    return rooted or (documented and ".github" not in parents)
