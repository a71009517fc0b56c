"""The table of trailers: no two rows share a key, and no code spells a key by hand."""

from __future__ import annotations

import ast
import re

from memcli.core.session.commit_message import commit_message, trailers_of
from memcli.core.session.trailers import TRAILERS
from tests.house import modules


def test_every_row_is_a_key_that_messages_are_read_by() -> None:
    keys = [key for key, *_ in TRAILERS]
    pairs = [(key, "value") for key in keys]
    assert trailers_of(commit_message("subject", "", pairs)) == pairs
    assert len(set(keys)) == len(keys) > 20


def test_no_code_spells_a_trailer_by_hand() -> None:
    spelled = {
        (path, node.lineno)
        for path, tree in modules().items()
        if path != "core/session/trailers.py"
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and re.search(r"(?:\A|\^)Mem-[A-Z]", _text(node.value))
        if node not in _docstrings(tree)
    }
    assert not spelled


def _text(value: object) -> str:
    return value.decode("latin-1") if isinstance(value, bytes) else value if isinstance(value, str) else ""


def _docstrings(tree: ast.Module) -> set[ast.expr]:
    """The strings that are statements of their own."""
    return {node.value for node in ast.walk(tree) if isinstance(node, ast.Expr)}
