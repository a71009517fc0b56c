"""The registry of checks: every row has its function, every finding its row, and docs and policies follow the rows."""

from __future__ import annotations

import ast
from importlib import import_module

import pytest

from memcli.core.finding import BLOCK, SEVERITIES
from memcli.core.review.checks.check_registry import CHECKS, FIXED, STAGES, Check
from memcli.core.review.policy import read_policy
from tests.house import modules


@pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.name)
def test_a_row_is_whole(check: Check) -> None:
    module = import_module(f"memcli.core.review.checks.{check.module}")
    assert callable(getattr(module, check.name.replace("-", "_")))
    assert check.severity in SEVERITIES and check.stage in STAGES
    assert check.finds.endswith((".", ").")) and check.advice.endswith(".")


def test_no_two_rows_share_a_name() -> None:
    assert len({check.name for check in CHECKS}) == len(CHECKS)


def test_checks_that_no_policy_changes_block() -> None:
    assert {check.severity for check in CHECKS if check.fixed} == {BLOCK}
    assert FIXED


def test_every_finding_is_of_a_check_in_the_registry() -> None:
    """Findings that are made outside the checks, such as those of files that cannot be read, name one of them."""
    named = {
        node.args[0].value
        for tree in modules().values()
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "Finding" and node.args
        if isinstance(node.args[0], ast.Constant)
    }
    assert named <= {check.name for check in CHECKS}
    assert named


def test_a_policy_may_set_the_severity_of_every_other_check() -> None:
    for check in CHECKS:
        policy, problems = read_policy(f"checks:\n  {check.name}: warn\n")
        assert policy.checks == ({} if check.fixed else {check.name: "warn"})
        assert bool(problems) is check.fixed


def test_an_override_of_an_unknown_check_is_noted_and_ignored() -> None:
    policy, problems = read_policy("checks:\n  near-duplicates: info\n")
    assert policy.checks == {}
    assert ["near-duplicates" in problem for problem in problems] == [True]
