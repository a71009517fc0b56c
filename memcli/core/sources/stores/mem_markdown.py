"""Files of a store of ours: those of `mem export --as markdown`, or copied from another store."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from memcli.core.exchange.okf_concept import MARK, is_exported_concept
from memcli.core.memory.document import DocumentError, parse_document
from memcli.core.sources.source_reader import Reading, SourceReader, SourceUnit
from memcli.core.sources.source_tree import SourceTree
from memcli.core.sources.stores.own_documents import OwnDocuments, has_own_id, is_store_path


def _units(tree: SourceTree, taken: Collection[str]) -> Iterator[SourceUnit]:
    for path in tree.ordered:
        if path not in taken and is_store_path(tree, path) and _is_ours(tree.peek(path)):
            yield SourceUnit(path, (path,))


def _is_ours(text: str) -> bool:
    if not (has_own_id(text) and "\ncreated:" in text and "\nkind:" in text):
        return False
    try:
        return f"\n{MARK}:" not in text or not is_exported_concept(parse_document(text).front())
    except DocumentError:
        return True


def _read(tree: SourceTree, unit: SourceUnit) -> Reading:
    documents = OwnDocuments()
    for path in unit.paths:
        try:
            documents.add(parse_document(tree.text(path)), path)
        except DocumentError as error:
            documents.skip(path, str(error))
    return documents.reading()


READER = SourceReader("mem-markdown", "files of a mem store", _units, _read)
