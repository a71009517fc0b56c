"""Where the shared corpora and models lie in development and CI; tests that need them skip where they are absent."""

from __future__ import annotations

import os
from pathlib import Path

SHARED = Path(os.environ.get("MEM_TEST_DATA") or Path(__file__).parents[2] / "shared")
