"""Pages as files."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from memcli.errors import Failure, Refused
from memcli.html.page_file import write_page

PAGE = '<!doctype html>\n<meta name="generator" content="mem">\n'


def test_a_page_takes_the_place_of_an_older_one(tmp_path: Path) -> None:
    write_page(tmp_path / "page.html", PAGE + "one")
    write_page(tmp_path / "page.html", PAGE + "two")
    assert (tmp_path / "page.html").read_text("utf-8") == PAGE + "two"
    assert [file.name for file in tmp_path.iterdir()] == ["page.html"]


def test_a_file_of_somebody_else_stays(tmp_path: Path) -> None:
    file = tmp_path / "index.html"
    file.write_text("<p>mine</p>", "utf-8")
    with pytest.raises(Refused, match=r"index\.html exists and was not written by mem"):
        write_page(file, PAGE)
    assert file.read_text("utf-8") == "<p>mine</p>"


def test_an_empty_file_is_filled(tmp_path: Path) -> None:
    file = tmp_path / "page.html"
    file.touch()
    write_page(file, PAGE)
    assert file.read_text("utf-8") == PAGE


def test_a_link_leads_to_the_file_that_is_written(tmp_path: Path) -> None:
    (tmp_path / "link.html").symlink_to(tmp_path / "page.html")
    write_page(tmp_path / "link.html", PAGE)
    assert (tmp_path / "link.html").is_symlink() and (tmp_path / "page.html").read_text("utf-8") == PAGE


def test_a_device_is_written_to() -> None:
    write_page(Path(os.devnull), PAGE)
    assert not Path(os.devnull).is_file()


@pytest.mark.parametrize("name", ["missing/page.html", ".", "n" * 300])
def test_what_cannot_be_written_is_told(tmp_path: Path, name: str) -> None:
    with pytest.raises(Failure, match="cannot be written"):
        write_page(tmp_path / name, PAGE)
