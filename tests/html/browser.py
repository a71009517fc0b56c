"""A real Chromium, and what a page does in it: requests, messages, errors, violations of its policy, dialogs."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from tests.needs import program

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Dialog, Page

_ALONE = ("--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
          "--disable-component-update", "--disable-sync")  # fmt: skip
_WATCH = """
window.violations = [];
addEventListener("securitypolicyviolation", (event) =>
  violations.push(`${event.violatedDirective} ${event.blockedURI}`));
"""
WIDTHS, SCHEMES = (400, 1400), ("light", "dark")


@dataclass
class Visit:
    """An opened page, and what it did that a page which loads nothing does not do."""

    page: Page
    file: Path
    events: list[str] = field(default_factory=list)

    def misdeeds(self) -> list[str]:
        """Requests but for the file itself, errors, messages, dialogs, windows and violations of its policy."""
        itself = f"request {self.file.as_uri()}"
        violations = self.page.evaluate("window.violations")
        return [*(event for event in self.events if event != itself), *violations]

    def note_dialog(self, dialog: Dialog) -> None:
        self.events.append(f"dialog {dialog.message}")
        dialog.dismiss()

    def open_all(self) -> None:
        """Open everything that is folded."""
        self.page.evaluate("document.querySelectorAll('details').forEach((each) => (each.open = true))")


@contextmanager
def chromium() -> Iterator[Browser]:
    """A browser without a window. Skips the test where there is none."""
    executable = program("chromium")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=executable, args=list(_ALONE))
        yield browser
        browser.close()


@contextmanager
def visited(browser: Browser, file: Path, *, width: int = 1400, scheme: str = "light", scripts: bool = True,
            anchor: str = "") -> Iterator[Visit]:  # fmt: skip
    """A page in a context of its own, watched from before its first byte on."""
    context = browser.new_context(
        viewport={"width": width, "height": 1000},
        color_scheme="dark" if scheme == "dark" else "light",
        java_script_enabled=scripts,
        reduced_motion="reduce",
    )
    if scripts:
        context.add_init_script(_WATCH)
    visit = Visit(context.new_page(), file)
    context.on("request", lambda request: visit.events.append(f"request {request.url.partition('#')[0]}"))
    context.on("console", lambda message: visit.events.append(f"console {message.text}"))
    context.on("weberror", lambda error: visit.events.append(f"error {error.error}"))
    context.on("dialog", visit.note_dialog)
    visit.page.on("popup", lambda popup: visit.events.append(f"window {popup.url}"))
    visit.page.goto(file.as_uri() + anchor)
    yield visit
    context.close()
