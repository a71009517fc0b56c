"""`mem stats` as text, JSON and OpenMetrics, with names that try to break out."""

from __future__ import annotations

import pytest
from prometheus_client.openmetrics.parser import text_string_to_metric_families

from tests.conftest import Mem

HOSTILE = 'bad"} 99\nmem_accepted_total{agent="x"} 7 \\ \x1b[31m\u202e'
NUMBERS = {"proposed", "accepted", "rejected", "waiting", "acceptance", "questions", "active", "stale", "stale_share",
           "reads", "packs", "pack_tokens"}  # fmt: skip


@pytest.fixture
def store(fast: Mem) -> Mem:
    """Of codex three candidates, two accepted and one waiting; of a person with a hostile name one, rejected."""
    fast("init")
    codex = ("--agent", "codex", "--session", "limits")
    fast("--agent", "codex", "session", "start", "limits")
    for text in ("Retries stop at seven.", "The queue holds ten.", "Tea is at four."):
        fast(*codex, "add", text, "--topic", "payments")
    fast("promote", "limits", "--yes", "--only", fast("review", "limits", "--json").json()["candidates"][0]["id"])
    fast("promote", "limits", "--yes", "--only", fast("review", "limits", "--json").json()["candidates"][0]["id"])
    fast("session", "start", "odd", env={"GIT_AUTHOR_NAME": HOSTILE})
    fast("add", "Cards are blue.", "--session", "odd", env={"GIT_AUTHOR_NAME": HOSTILE})
    fast("reject", "odd", "-m", "no")
    return fast


def samples(text: str) -> dict[tuple[str, str], float]:
    """{(sample, value of its only label): number} of OpenMetrics text."""
    families = text_string_to_metric_families(text)  # type: ignore[no-untyped-call]
    return {
        (sample.name, next(iter(sample.labels.values()), "")): sample.value
        for family in families
        for sample in family.samples
    }


def test_the_json_has_every_number_of_the_total_and_of_each_group(store: Mem) -> None:
    data = store("stats", "--by", "agent", "--json").json()
    assert data["total"].keys() == NUMBERS and data["since"] is None and data["by"] == "agent"
    assert data["dreams"].keys() == {"run", "proposed", "promoted", "rejected", "waiting", "reverted"}
    groups = {group.pop("name"): group for group in data["groups"]}
    assert all(group.keys() == NUMBERS for group in groups.values()) and len(groups) == 2
    assert (groups["codex"]["accepted"], groups["codex"]["waiting"], groups["codex"]["acceptance"]) == (2, 1, 1.0)
    assert store("stats", "--json").json()["groups"] == []


@pytest.mark.parametrize("width", ["80", "140"])
def test_the_table_fits_the_terminal(store: Mem, width: str) -> None:
    done = store("stats", "--by", "agent", env={"COLUMNS": width})
    lines = done.out.splitlines()
    assert done.code == 0 and max(map(len, lines)) <= int(width)
    assert any(line.split()[:3] == ["codex", "3", "2"] for line in lines)
    assert "\x1b" not in done.out and "\u202e" not in done.out


def test_open_metrics_without_groups(store: Mem) -> None:
    done = store("stats", "--openmetrics")
    assert done.out.endswith("# EOF\n")
    parsed = samples(done.out)
    assert parsed["mem_accepted_total", ""] == 2 and parsed["mem_rejected_total", ""] == 1
    assert parsed["mem_waiting_candidates", ""] == 1 and parsed["mem_dreams_total", ""] == 0


def test_open_metrics_escape_whatever_a_label_holds(store: Mem) -> None:
    parsed = samples(store("stats", "--openmetrics", "--by", "agent").out)
    assert parsed["mem_accepted_total", "codex"] == 2
    assert ("mem_accepted_total", "x") not in parsed
    names = [label for name, label in parsed if name == "mem_rejected_total" and label != "codex"]
    assert len(names) == 1 and names[0].startswith('bad"} 99') and parsed["mem_rejected_total", names[0]] == 1


def test_usage(store: Mem) -> None:
    assert store("stats", "--by", "agnt").code == 2
    assert store("stats", "--since", "soon").code == 2
    assert store("stats", "--openmetrics", "--json").code == 2
    assert store("stats", "--since", "2030-01-01", "--json").json()["total"]["accepted"] == 0


def test_an_agent_is_not_told_the_topics_of_excluded_candidates(fast: Mem) -> None:
    fast("init")
    fast("add", "The vault opens at nine.", "--topic", "vault", "--path", "secret/a.py")
    fast("exclude", "add", "secret/**")
    assert "vault" in fast("stats", "--by", "topic").out
    assert "vault" not in fast("stats", "--by", "topic", env={"MEM_AGENT": "codex"}).out
