"""What a test needs beyond git and Python's packages: a program, a privilege, the public corpora.

Without a program it is skipped on a developer's machine, and fails where MEM_TEST_ALL is set, as in CI: there the
programs are installed. A privilege (root, mounting) or the corpora, which are too large for CI, are skipped anywhere.
"""

from __future__ import annotations

import os
import shutil
import sys
from pathlib import Path
from typing import NoReturn

import pytest

SHARED = Path(os.environ.get("MEM_TEST_DATA") or Path(__file__).parents[2] / "shared")
"""Where the corpora (`data/`) and models (`models/`) lie."""
needs_corpora = pytest.mark.skipif(
    not (SHARED / "data").is_dir(), reason="needs the public corpora; set MEM_TEST_DATA to the folder with data/"
)


def missing(reason: str) -> NoReturn:
    """Skip the test for want of a program; where all of them have to be there, fail."""
    (pytest.fail if "MEM_TEST_ALL" in os.environ else pytest.skip)(reason)
    raise AssertionError(reason)


def program(name: str) -> str:
    """The path of a program, from the PATH or from beside the Python that runs the tests."""
    beside = f"{os.environ['PATH']}:{Path(sys.executable).parent}"
    return shutil.which(name, path=beside) or missing(f"needs the program {name}; it is not installed")
