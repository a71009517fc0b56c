"""The session name of a harness's session id: the same id finds the same session, with no table to keep.

Imports as little as it can: a hook that only records asks it.
"""

from __future__ import annotations


def harness_session(agent: str, harness_id: str) -> str:
    """`<agent>-<8 digits of the id's SHA-256>`."""
    digest = _sha256(harness_id.encode("utf-8", "replace"))
    plain = all("a" <= letter <= "z" or letter == "-" or letter.isdigit() for letter in agent) and agent[:1].isalpha()
    if not plain:
        from memcli.core.identity import slug

        agent = slug(agent, "agent")
    return f"{agent[:40]}-{digest[:8]}"


def _sha256(data: bytes) -> str:
    try:
        from _sha256 import sha256  # type: ignore[import-not-found]  # hashlib loads OpenSSL, which takes as long as everything else here
    except ImportError:
        from hashlib import sha256
    found: str = sha256(data).hexdigest()
    return found
