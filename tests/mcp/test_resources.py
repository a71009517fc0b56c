"""The resources and the prompt."""

from __future__ import annotations

import json
from typing import Any

import pytest
from mcp.client.client import Client
from mcp_types import INVALID_PARAMS

from memcli.mcp import resources
from tests.conftest import Repo
from tests.mcp.clients import ask, refusal
from tests.mcp.conftest import QUEUE, run_mem


def test_every_listed_resource_can_be_read(own_shop: Repo) -> None:
    run_mem(own_shop.path, "--agent", "codex", "add", "The ledger locks rows by id.")

    async def all_texts(client: Client) -> dict[str, str]:
        listed = (await client.list_resources()).resources
        answers = [(entry.uri, await client.read_resource(entry.uri)) for entry in listed]
        return {uri: answer.contents[0].text for uri, answer in answers}  # type: ignore[union-attr]

    texts = ask(own_shop.path, all_texts)
    assert any(QUEUE in text for text in texts.values())
    (review,) = (uri for uri in texts if uri.endswith("/review"))
    assert "The ledger locks rows by id" in texts[review] and "A person decides" in texts[review]


def test_templates_tell_how_uris_are_made(shop: Repo) -> None:
    listed = ask(shop.path, lambda client: client.list_resource_templates()).resource_templates
    templates = [template.uri_template for template in listed]
    assert templates == ["mem://memory/{id}", "mem://pack/{hash}", "mem://session/{name}/review"]


def test_the_list_is_paged(own_shop: Repo, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(resources, "PAGE", 2)
    bodies = ("Kangaroos jump.", "The cache is warm by noon.", "Invoices are sent as PDF files.")
    lines = "\n".join(json.dumps({"body": body}) for body in bodies)
    run_mem(own_shop.path, "add", "--batch", "-", "--promote", input=lines)

    async def all_pages(client: Client) -> list[list[str]]:
        pages, cursor = [], None
        while True:
            page = await client.list_resources(cursor=cursor)
            pages.append([entry.uri for entry in page.resources])
            cursor = page.next_cursor
            if cursor is None:
                return pages

    pages = ask(own_shop.path, all_pages)
    assert list(map(len, pages)) == [2, 2, 1]
    assert len({uri for page in pages for uri in page}) == 5


@pytest.mark.parametrize(
    "uri",
    [
        "mem://memory/../../etc/passwd",
        "mem://memory/ZZZZZZ",
        "mem://pack/000000000000",
        "mem://session/none/review",
        "mem://session/../review",
        "mem://session/nobody/review",
        "file:///etc/passwd",
    ],
)
def test_what_is_not_there_is_said(shop: Repo, uri: str) -> None:
    error = refusal(shop.path, lambda client: client.read_resource(uri))
    assert error.code == INVALID_PARAMS and error.data["hint"]


def test_a_cursor_that_no_page_gave_is_refused(shop: Repo) -> None:
    error = refusal(shop.path, lambda client: client.list_resources(cursor="'; drop table"))
    assert "cursor" in error.message and error.code == INVALID_PARAMS


def test_the_prompt_leaves_the_decision_to_a_person(own_shop: Repo) -> None:
    run_mem(own_shop.path, "--agent", "codex", "add", "The ledger locks rows by id.")
    assert [prompt.name for prompt in ask(own_shop.path, lambda client: client.list_prompts()).prompts] == ["review"]
    task, page = ask(own_shop.path, lambda client: client.get_prompt("review")).messages
    contents: Any = (task.content, page.content)
    assert "Do not decide anything yourself" in contents[0].text
    assert "The ledger locks rows by id" in contents[1].resource.text
