"""Sources that tests of bootstrap start from, each with what its reader keeps of it."""

from __future__ import annotations

from collections.abc import Callable

from memcli.operations.bootstrap.bootstrap import bootstrap
from memcli.operations.bootstrap.bootstrapped import Bootstrapped, BootstrapRequest
from memcli.operations.review.promote import PromoteRequest, promote
from memcli.workspace import Workspace

Open = Callable[..., Workspace]


def record(number: int, title: str, decision: str, status: str = "Accepted", more: str = "") -> str:
    """A decision record as adr-tools writes it."""
    head = f"# {number}. {title}\n\nDate: 2024-03-0{number}\n\n## Status\n\n{status}\n"
    return f"{head}{more}\n## Context\n\nThe team compared three ways for a week.\n\n## Decision\n\n{decision}\n"


ORDERS = "docs/adr/0001-orders.md"
BLOBS = "docs/adr/0002-blobs.md"
MAIL = "docs/adr/0003-mail.md"
RULES = "CLAUDE.md"
SOURCES = {
    ORDERS: record(
        1,
        "Orders live in Postgres",
        "Orders live in Postgres because the ledger needs transactions over several rows of one customer.",
    ),
    BLOBS: record(
        2, "Blobs live in S3", "Blobs live in S3 because the disks of the servers are too small for all uploads."
    ),
    MAIL: record(
        3,
        "Mail goes through Postmark",
        "Mail goes through Postmark because providers have blocked the addresses of our own servers twice.",
    ),
    RULES: (
        "# Rules\n\n## Checks before a commit\n\n"
        "- Always run `make check` before you commit; the CI runs nothing else.\n"
        "- Never push to `main`, because the release job starts from it at once.\n"
    ),
}
"""Three decisions and a file of rules: four memories."""


def run(open_workspace: Open, *paths: str, **options: object) -> Bootstrapped:
    """The answer of a bootstrap of everything, or of what is named."""
    return bootstrap(open_workspace(), BootstrapRequest(paths, **options))  # type: ignore[arg-type]


def promoted(open_workspace: Open) -> Bootstrapped:
    """The answer of a bootstrap whose proposals are promoted."""
    answer = run(open_workspace)
    assert answer.session
    promote(open_workspace(), PromoteRequest(answer.session, consent=True))
    return answer
