"""Which files of a repository are code that its people write: no tests, fixtures, generated or minified files."""

from __future__ import annotations

import re
from pathlib import PurePosixPath

from memcli.core.sources.passage_text import word_list
from memcli.core.sources.source_paths import is_third_party

_SUFFIXES = word_list(
    """
    .py .pyi .pyx .rb .rake .js .jsx .mjs .cjs .ts .tsx .mts .cts .vue .svelte .go .rs .c .h .cc .cpp .cxx .hpp .hh .m
    .mm .java .kt .kts .scala .groovy .gradle .cs .fs .swift .php .pl .pm .lua .sh .bash .zsh .fish .ps1 .sql .ex .exs
    .erl .hs .ml .mli .clj .cljs .dart .zig .nim .jl .r .tf .hcl .nix .proto .yml .yaml .toml .cmake .mk .css
    .scss .sass .less
    """
)
_NAMES = word_list("dockerfile makefile rakefile gemfile jenkinsfile vagrantfile cmakelists.txt")
_NOT_OURS = word_list(
    "deps extern contrib test tests spec specs __tests__ testing e2e testutil testutils benchmarks examples example"
)
_NOT_WRITTEN = re.compile(
    r"^(?:zz_generated|test_)|(?:\.min|[._-](?:pb2?|pb2_grpc|generated|gen|g|test|tests|spec)|-lock)\.\w+\Z|\.d\.ts\Z"
)


def is_written_code(path: str) -> bool:
    """Whether a path is that of code that people of the repository write by hand."""
    file = PurePosixPath(path)
    name, parents = file.name.lower(), {part.lower() for part in file.parts[:-1]}
    if file.suffix.lower() not in _SUFFIXES and name not in _NAMES:
        return False
    return not (_NOT_OURS & parents or _NOT_WRITTEN.search(name) or is_third_party(path))
