"""The registry of checks: one row per check, in the order in which they run.

A check is a function named like it (`near_duplicate` for `near-duplicate`) in the module that its row names; it yields
problems, and the row makes findings of them. A new check is one row here and its function; docs/checks.md and the
severities that a policy may set are derived from the rows. Modules are imported when their check runs: `mem add` needs
those of `FILE` alone, and quickly.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import NamedTuple

from memcli.core.finding import BLOCK, INFO, WARN, Finding, Problem
from memcli.core.text.instruction_files import PROSE_NAMES

STAGES = FILE, CHANGE, MEMORY, CODE, LEAVING, DECIDED, SESSION = (
    "file", "change", "memory", "code", "leaving", "decided", "session",
)  # fmt: skip
"""What a check looks at, and its arguments: a file by itself, also before it is written (`candidate`); a change by its
author (`candidate`, `context`); an active memory beside the store and the session's other candidates (`case`); the same
where there is code (`case`); a memory that goes out of use (`case`); a memory, in use or not, beside earlier decisions
(`case`); all candidates (`candidates`, `context`)."""


class Check(NamedTuple):
    """One check; `severity` is the default, which a policy may change unless it is `fixed`; `finds` and `advice` are
    markdown for docs/checks.md; `policy`: it looks at a changed policy.yaml as well."""

    name: str
    severity: str
    stage: str
    module: str
    finds: str
    advice: str
    fixed: bool = False
    policy: bool = False

    def run(self, *arguments: object) -> Iterator[Problem]:
        """The problems that the check's function finds."""
        from importlib import import_module

        module = import_module(f"memcli.core.review.checks.{self.module}")
        function: Callable[..., Iterable[Problem]] = getattr(module, self.name.replace("-", "_"))
        yield from function(*arguments)

    def findings(self, memory_id: str, problems: Iterable[Problem]) -> list[Finding]:
        """The problems as findings about a memory, unless a problem names its own."""
        return [
            Finding(
                self.name,
                problem.severity or self.severity,
                problem.id or memory_id,
                problem.message,
                problem.next,
                problem.with_ids,
            )
            for problem in problems
        ]


CHECKS = (
    Check("size", BLOCK, FILE, "file_form",
          "The file is larger than 64 KiB.",
          "Split it, or keep the long part in a file of the code and anchor that file."),
    Check("schema", BLOCK, FILE, "file_form",
          "The file cannot be read as a memory, or a value is not what its key allows (`info`: it is kept all the "
          "same; `warn`: an unknown key of policy.yaml).",
          "Correct the line that the finding names.", fixed=True, policy=True),
    Check("secret", BLOCK, FILE, "file_form",
          "The text looks like it holds a credential.",
          "Replace it with a placeholder; revoke the credential if it was ever shared.", fixed=True, policy=True),
    Check("private", BLOCK, FILE, "file_form",
          "The text contains a `<private>` block.",
          "Remove the block.", fixed=True),
    Check("terminal-escape", BLOCK, FILE, "file_form",
          "The text contains control characters that a terminal obeys.",
          "Remove them.", fixed=True, policy=True),
    Check("path-safety", BLOCK, FILE, "file_form",
          "The file is not at `semantic/<topic>/<name>.md` (or below `procedural` or `episodic`), its name is not safe "
          "on every file system, or an anchor leaves the repository.",
          "Move the file, or write anchors relative to the repository's root.", fixed=True),
    Check("read-only", BLOCK, CHANGE, "permission",
          "An agent changes a read-only memory, sets a key that only persons set, or changes the policy.",
          "Record what was learned as a new memory, or ask a person.", policy=True),
    Check("conflict", BLOCK, CHANGE, "merge_conflict",
          "The session and the store have both changed one part of a memory, or it holds both sides of a merge. "
          "A warning where two waiting sessions change it in ways that cannot be merged.",
          "Choose with `mem resolve ID --session NAME`, or bring the store's version in with `mem session update` and "
          "edit the memory; a person may let both sides stand with `mem promote --keep-both`.",
          fixed=True, policy=True),
    Check("excluded", BLOCK, CHANGE, "permission",
          "An active memory names a code path that `mem exclude` or `.memignore` keeps out of memory.",
          "Remove the path; `mem exclude list` shows what is excluded.", fixed=True),
    Check("orphaned", BLOCK, LEAVING, "lineage",
          "A memory is superseded by one that does not name it, so its text would be lost.",
          "Promote both together, or reject both."),
    Check("duplicate", BLOCK, MEMORY, "duplicates",
          "Another memory has the same text and key, and both hold at a common time.",
          "Improve the other memory, or leave this one out of the promotion."),
    Check("rejected-before", BLOCK, DECIDED, "rejections",
          "The same text with the same key, whatever its markup, or the retirement of the same memory was rejected "
          "before, in whatever session (`warn` for persons; `warn` for all where the key is another).",
          "Leave it out; `mem undo` takes the rejection back."),
    Check("key-conflict", WARN, MEMORY, "timelines",
          "Two memories of a key make different claims from the same time on, or stronger evidence is superseded by"
          " weaker.",
          "Give the later one its own `valid_from`, or confirm it against the code or a test."),
    Check("near-duplicate", WARN, MEMORY, "duplicates",
          "Another memory, of the store or an open session, says nearly the same; or more than five say the same, or "
          "the same with other values, as the copies of a form do (one finding for all of them).",
          "Compare the two; improve the other one if this one adds nothing."),
    Check("contradiction", WARN, MEMORY, "contradictions",
          "A near-duplicate has other numbers, names, dates or negations; or the key has another value, in the store "
          "or an open session (`info` where `valid_from` says since when the new one holds).",
          "Compare the two; if this one replaces the other, record that with `mem supersede` or `--valid-from`."),
    Check("echo", WARN, MEMORY, "self_citation",
          "The text repeats a context pack that mem handed out.",
          "Keep only what is new, in words of its own."),
    Check("title-differs", INFO, MEMORY, "stale_titles",
          "The body no longer has a number, date or name of a title that its author chose.",
          "Correct the title."),
    Check("source-missing", INFO, MEMORY, "references",
          "A new memory names no session, commit or reference, or is based on a document that it does not name.",
          "Name the file and line, or the URL, in `source: ref`."),
    Check("derivable", INFO, CODE, "derivable",
          f"{PROSE_NAMES} already say it (at least 90 % of its words); for a rule from a file of rules for agents, the "
          "README alone counts.",
          "Leave it out, unless it must be recalled without that file."),
    Check("outdated", WARN, CODE, "outdated_code",
          "Since the memory was written, the code of an anchor has lost a number or a name that the memory has, was "
          "mostly rewritten, or is gone. Nothing is said of code on other branches.",
          "Compare with the code, and correct the memory or leave it out."),
    Check("anchor-missing", INFO, CODE, "references",
          "An anchor does not exist in the code.",
          "Correct `paths`, unless the file is on another branch."),
    Check("dead-link", INFO, MEMORY, "references",
          "A link, `based_on` or `supersedes` names a memory that does not exist.",
          "Find the memory with `mem recall` and correct the link."),
    Check("stale-read", WARN, SESSION, "whole_session",
          "A memory that the session was shown has changed since.",
          "Read it again; `mem session update` brings the change in."),
    Check("session-size", WARN, SESSION, "whole_session",
          "A session has more candidates than the policy's `session.max_candidates`.",
          "Promote in parts with `mem promote --only`."),
    Check("unsaved", WARN, SESSION, "whole_session",
          "A file in the session's directory is not saved, so it is no candidate: it cannot be read as a memory, or it "
          "is a stray (`info`): outside of `semantic/<topic>/` and the like, not named `*.md`, a link, a repository; "
          "or its save was undone (`info`). The session stays open.",
          "Correct or change the file, or move it out of the directory."),
)  # fmt: skip

BY_NAME = {check.name: check for check in CHECKS}
FIXED = tuple(check.name for check in CHECKS if check.fixed)
"""Checks whose severity no policy changes."""


def checks_of(*stages: str) -> Iterator[Check]:
    """The checks that look at one of these, in their order."""
    return (check for check in CHECKS if check.stage in stages)
