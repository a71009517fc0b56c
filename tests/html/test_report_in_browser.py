"""The report in a real browser: it runs and loads nothing, reads well for everybody, and works without its script."""

from __future__ import annotations

import re
import subprocess
import sys
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from memcli import config
from memcli.operations.setup.init import init
from memcli.workspace import Workspace
from tests.conftest import Repo
from tests.html.browser import SCHEMES, WIDTHS, visited
from tests.html.hostile_store import DECEIVES, RUNS, fill_with_hostile_text, hostile_repository

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page


@pytest.fixture(scope="module")
def hostile_report(sealed_world: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:  # noqa: ARG001
    repo = hostile_repository(tmp_path_factory.mktemp("hostile"))
    workspace = Workspace(config.load(config.Flags(directory=str(repo.path))))
    init(workspace)
    fill_with_hostile_text(workspace)
    for agent in RUNS[:3]:
        command = [sys.executable, "-m", "memcli", "add", f"{agent} waits\n\n{agent}", "--agent", agent]
        subprocess.run(command, cwd=repo.path, check=True, capture_output=True)
    file = repo.path.parent / "report.html"
    subprocess.run([sys.executable, "-m", "memcli", "report", "-o", str(file)], cwd=repo.path, check=True)
    return file


def test_hostile_text_runs_and_loads_nothing(browser: Browser, hostile_report: Path) -> None:
    with visited(browser, hostile_report) as visit:
        visit.open_all()
        for box in visit.page.locator("body *:visible").all()[:400]:
            box.dispatch_event("mouseover")
        _hits(visit.page, "<script>")
        assert visit.misdeeds() == []
        assert visit.page.evaluate("window.ran") is None


def test_hostile_text_makes_no_element_of_its_own(browser: Browser, hostile_report: Path) -> None:
    with visited(browser, hostile_report) as visit:
        counts = visit.page.evaluate(
            "['script', 'style', 'img', 'iframe', 'form', 'base', 'link', 'object'].map((name) =>"
            " document.getElementsByTagName(name).length)"
        )
        assert counts == [1, 1, 0, 0, 0, 0, 0, 0]
        handlers = visit.page.evaluate(
            "[...document.querySelectorAll('*')].flatMap((each) => each.getAttributeNames())"
            ".filter((name) => name.startsWith('on') || name === 'style' || name === 'src')"
        )
        assert handlers == []
        targets = visit.page.evaluate(
            "[...document.querySelectorAll('[href]')].map((each) => each.getAttribute('href'))"
        )
        assert {target[0] for target in targets} == {"#"}


def test_hostile_text_is_shown_as_it_is(browser: Browser, hostile_report: Path) -> None:
    with visited(browser, hostile_report) as visit:
        visit.open_all()
        text = visit.page.inner_text("body")
        for payload in RUNS:
            assert payload in text
        for payload in DECEIVES:
            assert payload not in text
        assert "invoice\\u202egnp.exe" in text and "pass\\u200bword" in text


def test_all_payloads_are_found(hostile_report: Path) -> None:
    assert not re.search("[\u202e\u200b\u0085\u2066\U000e0041]", hostile_report.read_text("utf-8"))


@pytest.mark.parametrize("scheme", SCHEMES)
@pytest.mark.parametrize("width", WIDTHS)
def test_axe_finds_nothing(browser: Browser, team_report: Path, hostile_report: Path, width: int, scheme: str) -> None:
    from axe_playwright_python.sync_playwright import Axe

    for file in (team_report, hostile_report):
        for opened in (False, True):
            with visited(browser, file, width=width, scheme=scheme) as visit:
                if opened:
                    visit.open_all()
                results = Axe().run(visit.page)
                problems = [
                    (problem["id"], problem["help"], problem["nodes"][0]["html"][:200], problem["nodes"][0]["target"])
                    for problem in results.response["violations"]
                ]
                assert problems == []


@pytest.mark.parametrize("width", WIDTHS)
def test_the_page_is_as_wide_as_the_window(
    browser: Browser, team_report: Path, hostile_report: Path, width: int
) -> None:
    for file in (team_report, hostile_report):
        with visited(browser, file, width=width) as visit:
            visit.open_all()
            assert visit.page.evaluate("document.documentElement.scrollWidth") <= width


def test_everything_can_be_read_without_the_script(browser: Browser, team_report: Path) -> None:
    with visited(browser, team_report, scripts=False) as visit:
        page = visit.page
        assert not page.locator("#search").is_visible()
        entry = page.locator("details.m", has_text="The ledger is append-only").last
        entry.locator("summary").click()
        assert entry.locator(".body").is_visible()
        page.locator("section[aria-labelledby=learned] a").first.click()
        assert page.locator("details.m[open] div:target").count() == 1


def _hits(page: Page, words: str) -> str:
    from playwright.sync_api import expect

    page.locator("#words").fill(words)
    expect(page.locator("#hits")).to_have_attribute("data-words", words)
    return page.locator("#hits").inner_text()


def test_search_narrows_the_list_and_tells_how_many(browser: Browser, team_report: Path) -> None:
    with visited(browser, team_report) as visit:
        page = visit.page
        page.keyboard.press("/")
        assert page.evaluate("document.activeElement.id") == "words"
        assert page.locator("#hits").get_attribute("role") == "status"
        assert _hits(page, "LEDGER  append") == "1 of 16 memories"
        assert page.locator("details.m:visible").count() == 1
        assert _hits(page, "réfresh bulk") == "1 of 16 memories"  # as if written without the accent
        assert _hits(page, "superseded") == "1 of 16 memories"
        assert _hits(page, "no such words") == "0 of 16 memories"
        assert page.locator(".topic:visible").count() == 0
        page.keyboard.press("Escape")
        assert page.locator("details.m:visible").count() == 16
        assert visit.misdeeds() == []


def test_a_link_to_a_memory_opens_it(browser: Browser, team_report: Path) -> None:
    with visited(browser, team_report) as visit:
        page = visit.page
        target = page.locator("svg a[href^='#m-']").first.get_attribute("href")
        _hits(page, "no such words")
        page.locator("svg a[href^='#m-']").first.dispatch_event("click")
        page.locator(str(target)).wait_for(state="visible")
    with visited(browser, team_report, anchor=str(target)) as visit:
        assert visit.page.locator(str(target)).is_visible()


def test_the_keyboard_reaches_everything_in_order(browser: Browser, team_report: Path) -> None:
    """The skip link first, then the sections; no stop is invisible, and none is met twice."""
    with visited(browser, team_report) as visit:
        page, stops = visit.page, []
        for _ in range(400):
            page.keyboard.press("Tab")
            if page.evaluate("document.activeElement === document.body"):
                break
            stops.append(
                page.evaluate("""() => {
                const place = document.activeElement, style = getComputedStyle(place);
                return [place.textContent.trim().slice(0, 40), style.outlineStyle !== "none",
                        place.getBoundingClientRect().top + scrollY];
            }""")
            )
        names, outlined, tops = zip(*stops, strict=True)
        assert names[:3] == ("Skip to the content", "Learned 5", "Agents and people")
        assert all(outlined)
        assert list(tops[1:]) == sorted(tops[1:])
        assert len(stops) > 40


def test_headings_and_landmarks_tell_the_structure(browser: Browser, team_report: Path) -> None:
    with visited(browser, team_report) as visit:
        levels = visit.page.evaluate("[...document.querySelectorAll('h1,h2,h3,h4')].map((each) => +each.tagName[1])")
        assert levels[0] == 1 and levels.count(1) == 1
        assert all(after - before <= 1 for before, after in pairwise(levels))
        for landmark in ("banner", "navigation", "main", "contentinfo", "search"):
            assert visit.page.get_by_role(landmark).count() == 1


def test_it_prints_whole(browser: Browser, team_report: Path) -> None:
    with visited(browser, team_report) as visit:
        pdf = visit.page.pdf(format="A4")
        assert 3 <= len(re.findall(rb"/Type\s*/Page\b", pdf)) <= 9
        visit.page.emulate_media(media="print")
        assert not visit.page.locator("#search").is_visible()
        assert visit.page.evaluate("document.documentElement.scrollWidth") <= 1400


def test_an_empty_store_has_a_page_without_faults(browser: Browser, tmp_path: Path) -> None:
    from axe_playwright_python.sync_playwright import Axe

    repo = Repo(tmp_path)
    repo.git("init", "-q")
    for words in (("init", "-q"), ("report", "-q", "-o", "report.html")):
        subprocess.run([sys.executable, "-m", "memcli", *words], cwd=tmp_path, check=True, capture_output=True)
    with visited(browser, tmp_path / "report.html") as visit:
        assert visit.misdeeds() == []
        assert Axe().run(visit.page).response["violations"] == []
        assert not visit.page.locator("#words").count()
