"""Which files may be decision records by their path, and which of those are templates or indexes."""

from __future__ import annotations

import re
from pathlib import PurePosixPath

from memcli.core.sources.documents.markup import SUFFIXES
from memcli.core.sources.passage_text import word_list
from memcli.core.sources.source_paths import is_template, is_third_party

KEP_FILE = "kep.yaml"
_DIRECTORIES = word_list(
    """
    adr adrs decision decisions rfc rfcs kep keps pep peps madr madrs tep teps adl
    """
)
_FOREIGN_DIRECTORIES = word_list(
    """
    entscheidung entscheidungen architekturentscheidungen décision décisions decisión decisiones decisão
    decisões decisoes decisao decisione decisioni besluit besluiten beslissingen decyzje decyzja решения решение
    决策 決策 决定 決定 決定事項 意思決定 决策记录 架构决策 架構決策 アーキテクチャ決定 결정 의사결정 proposals
    enhancements
    """
)
_TEMPLATE_DIRECTORIES = word_list(
    """
    template templates vorlage vorlagen plantilla plantillas gabarit gabarits modelos modeles modèles modelli
    sjablonen szablony шаблоны шаблон 模板 テンプレート 템플릿
    """
)
_INDEX = word_list(
    """
    readme index _index toc summary overview log adr-log decision-log decisions-log adrs decisions list nav
    sidebar _sidebar adr contributing process glossary changelog indice índice inhalt inhaltsverzeichnis
    übersicht 目录 目錄 索引 一覧 목록 индекс оглавление registry rfcs decision_log adr_log adr-index index-adr
    adr_index introduction about owners
    """
)


def may_be_record(path: str) -> bool:
    """Whether a path may be a decision record: it is in a directory for them or named like one."""
    return is_record_name(path) or bool(_words_of_parents(path, _DIRECTORIES) and _is_text(path))


def may_be_foreign_record(path: str) -> bool:
    """Whether its directory is one whose name may mean decisions; the text has to have the shape of one, too."""
    return _is_text(path) and bool(_words_of_parents(path, _FOREIGN_DIRECTORIES))


def is_record_name(path: str) -> bool:
    """Whether a file is named like a decision record: `adr-12-x.md`, `pep-0008.rst`, `text/0002-x.md` of RFCs."""
    file = PurePosixPath(path)
    stem, parent = file.stem.lower(), file.parent.name.lower()
    if not _is_text(path):
        return False
    named = re.match(r"(?:m?adr|pep|rfc)[-_ ]?\d+", stem) is not None
    return named or (parent == "text" and re.match(r"\d{4}-", stem) is not None)


def is_template_place(path: str) -> bool:
    """Whether a file is a template by its name or its directory."""
    file = PurePosixPath(path)
    parents = {part.lower().strip("_.") for part in file.parts[:-1]}
    return bool(parents & _TEMPLATE_DIRECTORIES) or is_template(file.stem) or is_template(file.parent.name)


def is_list_of_records(path: str) -> bool:
    """Whether a file lists or introduces the records of a directory."""
    file = PurePosixPath(path)
    unnumbered = re.sub(r"^(?:adr[-_ ]?)?0+[-_. ]+", "", file.stem.lower())
    return (file.stem.lower() in _INDEX or unnumbered in _INDEX) and not is_named_by_directory(path)


def is_named_by_directory(path: str) -> bool:
    """Whether a file is the record of a directory of its own: `0012-queues/README.md`."""
    file = PurePosixPath(path)
    return file.stem.lower() in ("readme", "index", "adr", "decision") and bool(
        re.match(r"(?:adr-)?\d+[-_]", file.parent.name)
    )


def record_name(path: str) -> str:
    """The name of a record without suffix: that of its file, or of the directory it has for itself."""
    file = PurePosixPath(path)
    return file.parent.name if is_named_by_directory(path) else file.stem


def _is_text(path: str) -> bool:
    return PurePosixPath(path).suffix.lower() in SUFFIXES and not is_third_party(path)


def _words_of_parents(path: str, words: frozenset[str]) -> bool:
    """Whether a directory's name ends with one of the words, or has one before `record(s)` or `log`."""
    for part in PurePosixPath(path).parts[:-1]:
        names = [name for name in re.split(r"[-_ .\d]+", part.lower()) if name]
        names = names[:-1] if len(names) > 1 and names[-1] in ("record", "records", "log", "logs") else names
        if names and names[-1] in words:
            return True
    return False
