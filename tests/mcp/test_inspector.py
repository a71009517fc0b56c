"""The server as the protocol's own inspector sees it."""

from __future__ import annotations

import pytest

from tests.conftest import Repo
from tests.mcp.conftest import QUEUE
from tests.mcp.inspector import INSPECTOR, inspected


@pytest.mark.skipif(bool(INSPECTOR.problem), reason=f"'make inspector' installs it: {INSPECTOR.problem}")
def test_the_inspector_lists_calls_and_reads_everything(shop: Repo) -> None:
    tools = {tool["name"] for tool in inspected(shop.path, "tools/list")["tools"]}
    assert tools == {"recall", "show", "add", "hydrate", "history"}
    call = ("--tool-name", "recall", "--tool-arg", "query=webhook attempts")
    hit = inspected(shop.path, "tools/call", *call)["structuredContent"]["hits"][0]
    assert hit["title"] == QUEUE.removesuffix(".")
    listed = inspected(shop.path, "resources/list")["resources"]
    uri = next(entry["uri"] for entry in listed if entry["uri"].endswith(hit["id"]))
    assert QUEUE in inspected(shop.path, "resources/read", "--uri", uri)["contents"][0]["text"]
    assert len(inspected(shop.path, "resources/templates/list")["resourceTemplates"]) == 3
    assert inspected(shop.path, "prompts/list")["prompts"][0]["name"] == "review"
