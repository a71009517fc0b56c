"""Which paths of a repository bootstrap reads, and what kinds of source they may be; the text decides in the end.

Invariant: a path is judged by its own words only, so a repository's files can be filtered before they are read.
"""

from __future__ import annotations

import re
from pathlib import PurePosixPath

from memcli.core.sources.passage_text import word_list
from memcli.core.text.instruction_files import has_agent_rules

_SUFFIXES = frozenset((".md", ".markdown", ".mdx"))
_PAGE_SUFFIXES = _SUFFIXES | {".rst", ".rest", ".adoc", ".asciidoc"}
_DOCS = frozenset(("docs", "doc", "documentation"))
_DECISIONS = word_list(
    """
    adr adrs decision decisions decision-records decision_records decision-log rfc rfcs architecture-decisions
    architecture_decisions architecture-decision-records design-decisions architectural-decisions
    architecture_decision_records
    """
)
NOTE_DIRECTORIES = word_list(
    """
    memory memories memory-bank memory_bank agent-memory agent-memory-local
    """
)
_THIRD_PARTY = word_list(
    """
    node_modules bower_components vendor vendored deps 3rdparty third_party third-party thirdparty external externals
    site-packages venv .venv pods fixtures __fixtures__ fixture test-fixtures testdata test_data test-data
    __tests__ __snapshots__ __mocks__ .git .mem submodules golden goldens _build generated _generated apidoc
    apidocs typedoc javadoc _autosummary versioned_docs versioned_sidebars
    """
)
_BUILD_OUTPUT = word_list(
    """
    dist build target out _site site coverage
    """
)
_EXAMPLES = word_list(
    """
    examples example samples sample demo demos templates template boilerplate skeleton starters playground
    """
)
_TEMPLATES = word_list("templates template boilerplate skeleton starters cookiecutter evals")
_SAMPLES = word_list("examples example samples sample demos demo integrations playground playgrounds")
"""Directories with a directory for each sample; what lies in them directly is about all of these."""
_NEWS = word_list(
    """
    changelog changelogs release-notes release_notes releases blog news newsletter
    """
)
_OUTDATED = word_list(
    "archive archived old obsolete deprecated completed draft drafts attic historical staged-for-removal"
)
_ROOT_PAGES = word_list(
    """
    architecture contributing design development developing hacking testing install installation building
    build deploy deployment deploying release releasing operations runbook glossary conventions styleguide
    style usage getting-started decisions setup troubleshooting migration upgrading overview concepts
    """
)
_NOT_A_PAGE = (
    r"(?:change-?logs?|changes|history|whats-?new|release-?notes?|copying|notice|copyright|patents|"
    r"code-of-conduct|contributors|authors|maintainers|codeowners|governance|sponsors|backers|pull-request-template|"
    r"issue-template|bug-report|feature-request|third-party-notices|summary|sidebar|navbar|coverpage|footer|404|toc|"
    r"credits|acknowledge?ments|cla)(?:-v?\d.*|-archive|-template)?|licen[cs]es?(?:-.*)?"
)
_TEMPLATE_WORDS = word_list(
    """
    adr adrs rfc rfcs madr decision record nnnn nnn xxxx xxx yyyymmdd short long minimal bare full annotated
    simple light basic nygard y the my kep pep en de fr es pt it nl pl ru zh ja jp ko cn tw br
    """
)
_TEMPLATE_NAMES = word_list(
    """
    template templates vorlage vorlagen plantilla plantillas gabarit gabarits modèle modele modelo modello
    sjabloon szablon шаблон 模板 範本 雛形 テンプレート 템플릿
    """
)


def is_third_party(path: str) -> bool:
    """Whether a path is among other projects' files, build output or test data."""
    parents = _parents(path)
    tests = next((n for n, part in enumerate(parents) if re.fullmatch(r"(?:.*[-_])?(?:tests?|specs?)", part)), None)
    test_data = tests is not None and len(parents) > tests + 1 and not _DOCS & set(parents[:tests])
    return bool(_THIRD_PARTY & set(parents)) or bool(_BUILD_OUTPUT & set(parents[:1])) or test_data


def is_sample(path: str) -> bool:
    """Whether a path is in a directory of its own among samples or templates."""
    parents = _parents(path)
    return bool(_TEMPLATES & set(parents)) or bool(_SAMPLES & set(parents[:-1]))


def is_outdated_path(path: str) -> bool:
    """Whether a path is among news, or documents that are over or not finished."""
    return bool((_NEWS | _OUTDATED) & set(_parents(path)))


def is_rule(path: str) -> bool:
    """Whether a file has rules for agents, and not those of another project, of a skill or of a template."""
    parents = _parents(path)
    is_of_others = is_sample(path) or parents[:2] == (".claude", "plugins") or "skills" in parents[:-1]
    return has_agent_rules(path) and not is_third_party(path) and not is_of_others


def may_be_note(path: str) -> bool:
    """Whether a file may be a note of an agent: it is an index of notes, or in a directory for them."""
    named = is_note_index(path) or bool(NOTE_DIRECTORIES & set(_parents(path)))
    return named and is_markdown(path) and not is_third_party(path)


def is_note_index(path: str) -> bool:
    """Whether a path is that of an index of notes; `docs/memory.md` is a page about memory."""
    name = PurePosixPath(path).name
    return name == "MEMORY.md" or (name.lower() == "memory.md" and not _DOCS & set(_parents(path)))


def is_markdown(path: str) -> bool:
    """Whether a file is markdown."""
    return PurePosixPath(path).suffix.lower() in _SUFFIXES


def _parents(path: str) -> tuple[str, ...]:
    return tuple(part.lower() for part in PurePosixPath(path).parts[:-1])


def is_template(stem: str) -> bool:
    """Whether a name is that of a template: `adr-template`, `0000-template`, but not `0012-template-engine`."""
    words = [word for word in re.split(r"[\W_]+", stem.lower()) if word and not word.isdigit()]
    rest = [word for word in words if word not in _TEMPLATE_WORDS]
    return len(rest) == 1 and rest[0] in _TEMPLATE_NAMES


def is_directory_page(path: str) -> bool:
    """Whether a file describes its directory."""
    return PurePosixPath(path).stem.lower() in ("readme", "index", "_index")


def is_page(path: str) -> bool:
    """Whether a file is a README or a page of documentation."""
    file, parents = PurePosixPath(path), _parents(path)
    if file.suffix.lower() not in _PAGE_SUFFIXES or is_third_party(path) or is_rule(path):
        return False
    name = re.sub(r"[\W_]+", "-", file.stem.lower()).strip("-")
    in_docs = bool(_DOCS & set(parents))
    decision_list = is_directory_page(file.name) and bool(_DECISIONS & set(parents[-1:]))
    hidden = any(part.startswith(".") and part != ".github" for part in parents) or file.name.startswith(".")
    if hidden or decision_list or is_outdated_path(path) or re.fullmatch(_NOT_A_PAGE, name) or is_template(name):
        return False
    if name == "readme":
        return in_docs or not _EXAMPLES & set(parents)
    in_root = parents in ((), (".github",)) and name in _ROOT_PAGES
    return in_root or (in_docs and ".github" not in parents)
