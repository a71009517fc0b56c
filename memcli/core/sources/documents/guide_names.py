"""Which files are guides for those who work on a repository, by their names and directories."""

from __future__ import annotations

import re
from pathlib import PurePosixPath

from memcli.core.sources.documents.markup import SUFFIXES
from memcli.core.sources.passage_text import word_list
from memcli.core.sources.source_paths import is_outdated_path, is_rule, is_third_party

_STRONG = re.compile(
    r"contribut(?:e|ing|ion|ions|or|ors)(?:-.*)?|develop(?:ing|ment|er|ers)?(?:-.*)?|dev(?:-.*)?|hacking|"
    r"releas(?:e|ing)(?:-(?:process|checklist|guide|policy|instructions|procedure|workflow|steps|engineering|"
    r"cycle|"
    r"stability.*|rails))?|how-to-release|maintain(?:ing|ers?|er-guide)(?:-.*)?|architecture(?:-.*)?|"
    r"glossary|terminology|runbooks?|playbooks?|coding-.*|code-(?:style|standards|guidelines)|"
    r"style-?guide|conventions?|standards|known-(?:issues|limitations|problems)|pitfalls?|gotchas?|caveats|"
    r"project-layout|repo(?:sitory)?-(?:layout|structure)|triage|on-?call|non-goals|stability|versioning|"
    r"design-(?:decisions?|docs?|notes?|principles?|rationale|goals)|support-policy|"
    r"backwards?-compatibility|lessons(?:-.*)?|"
    r"submitting-patches|(?:core-)?tenets|manifesto|(?:guiding-)?principles|(?:supported-)?platforms|support-levels|"
    r".*-(?:process|procedures?|provisioning|guidelines|conventions|standards|policy|policies|checklist|runbook|internals|architecture|style-guide)|"
    r"beitragen|entwicklung|mitwirken|contribuer|developpement|contribuir|desarrollo|contribuindo|bijdragen"
)
"""Names that say so wherever in the documentation they stand."""
_WEAK = re.compile(
    r"testing(?:-.*)?|tests?|design|debug(?:ging)?(?:-.*)?|internals?|troubleshooting|build(?:ing)?|deploy(?:ing|"
    r"ment)?|"
    r"operations?|ops|"
    r"(?:.*-)?(?:restor(?:e|ing)|backups?|provisioning|rotat(?:e|ion|ing)|failover|recovery|incidents?|rollbacks?|"
    r"migrations?|bootstrapping)(?:-.*)?|"
    r"style|workflow|releases|security|principles|philosophy|decisions?|ci|infrastructure|profiling"
)
"""Names that may be those of chapters for users: read where the text speaks to maintainers."""
_DIRECTORIES = word_list(
    """
    contributing contributors contributor contributing-guide contributing-guides release releasing development dev-docs
    devdocs developing engineering runbooks runbook playbooks maintainers maintainer hacking guidelines standards
    conventions dev-guide devel technical policies
    """
)
_RUNBOOKS = word_list("runbooks runbook playbooks")
_WEAK_DIRECTORIES = word_list(
    """
    design designs architecture operations ops dev process processes postmortems incidents developer developers
    developer-guide internals internal
    """
)
_DOCS = frozenset(("docs", "doc", "documentation", "guides", "wiki", "handbook"))
_WORKSHOPS = word_list(
    """
    test tests testing e2e spec specs script scripts tool tools tooling ci build hack release releases releasing
    packaging dev devtools development bench benches benchmark benchmarks fuzz fuzzing infra infrastructure deploy
    deployment ops operations migrations maintenance .github workflows
    """
)
"""Directories that only those who work on the repository use: their README is the guide to them."""
_OWN_CODE = word_list("src lib internal app core server client backend frontend web ui cmd pkg config")
_OTHER_HIDDEN = (".github", ".gitlab")
_NOT_A_GUIDE = re.compile(
    r".*template.*|(?:.*-)?index|readme|toc|_?sidebar|changelog|.*code-of-conduct|.*acknowledge?ments?|license.*|contributors"
)
_PLANS = word_list("plan plans planning prd prds roadmap roadmaps proposals openspec milestones sprints")
_LANGUAGE = r"-(?:zh|ja|ko|fr|de|es|pt|ru|it|pl|tr|en|cn)(?:-[a-z]{2,4})?"


def is_guide(path: str) -> bool:
    """Whether a file may be a guide for maintainers."""
    return _strength(path) > 0


def is_certain_guide(path: str) -> bool:
    """Whether a file is one by its name or directory, whoever its text speaks to."""
    return _strength(path) > 1


def is_any_page(path: str) -> bool:
    """Whether a file is a page right below the documentation's directory, which may be about the repository's files."""
    file = PurePosixPath(path)
    parents = [part.lower() for part in file.parts[:-1]]
    is_page = file.suffix.lower() in SUFFIXES and not _NOT_A_GUIDE.fullmatch(file.stem.lower())
    return is_page and len(parents) == 1 and parents[0] in _DOCS and not _is_elsewhere(path, parents)


def _strength(path: str) -> int:
    """2: a guide; 1: a guide or a chapter for users; 0: neither."""
    file = PurePosixPath(re.sub(r"(?:\.html)?(\.\w+)\.(?:erb|tmpl|j2)$", r"\1", path))
    parents = [part.lower() for part in file.parts[:-1]]
    words = re.sub(r"(?<=[a-z])(?=[A-Z])", "-", file.stem)
    name = re.sub(rf"{_LANGUAGE}$", "", re.sub(r"[\W_]+", "-", words.lower()).strip("-"))
    bare = not file.suffix and (file.name.isupper() or words != file.stem)
    if not (file.suffix.lower() in SUFFIXES or bare) or _is_elsewhere(path, parents):
        return 0
    if name == "readme" and parents:
        return _strength_of_readme(parents)
    if _NOT_A_GUIDE.fullmatch(name):
        return 0
    in_docs = bool(_DOCS & set(parents))
    if parents[:1] == ["contributing-guides"] or _RUNBOOKS & set(parents):
        return 2
    strong, weak = _STRONG.fullmatch(name) is not None, _WEAK.fullmatch(name) is not None
    if in_docs and _DIRECTORIES & set(parents):
        return 2
    if strong and (in_docs or bare or file.stem.isupper() or not parents or parents[0] in _OTHER_HIDDEN):
        return 2
    in_root = not parents or parents[0] in _OTHER_HIDDEN or file.stem.isupper()
    return int((weak and (in_root or parents[-1] in _DOCS)) or (in_docs and bool(_WEAK_DIRECTORIES & set(parents))))


def _strength_of_readme(parents: list[str]) -> int:
    """That of the README of a directory: of a workshop, of the repository's own code, or of a package for users."""
    if _WORKSHOPS & set(parents[-1:]) and not _DOCS & set(parents):
        return 2 if len(parents) < 3 else 1
    return int(parents[0] in _OWN_CODE and not _DOCS & set(parents))


def _is_elsewhere(path: str, parents: list[str]) -> bool:
    """Whether a file belongs to other projects, to what is over, or to rules for agents."""
    hidden = any(part.startswith(".") and part not in _OTHER_HIDDEN for part in parents)
    planned = bool(_PLANS & set(parents))
    return (
        hidden
        or planned
        or "issue_template" in parents
        or is_third_party(path)
        or is_outdated_path(path)
        or is_rule(path)
    )
