"""Kept packs: whole or not at all, checked when read, swept after 180 days by the real clock."""

from __future__ import annotations

import os
import time

import pytest

from memcli.git.discovery import discover
from memcli.state.kept_packs import KEEP_SECONDS, DamagedPack, Packs, pack_id
from tests.conftest import Repo


def test_keep_read_and_sweep(repo: Repo) -> None:
    packs, home = Packs(discover(repo.path)), repo.path / ".git/mem/packs"
    assert packs.matching("") == [] and packs.read("a" * 64) is None
    texts = [b"one", b"two", b""]
    for data in texts:
        packs.keep(data)
    assert [packs.read(pack_id(data)) for data in texts] == texts
    assert packs.matching("") == sorted(map(pack_id, texts)) and packs.matching(pack_id(b"one")[:6]) == [
        pack_id(b"one")
    ]
    old = time.time() - KEEP_SECONDS - 60
    os.utime(home / pack_id(b"one"), (old, old))
    packs.keep(b"three")
    assert packs.read(pack_id(b"one")) is None and packs.read(pack_id(b"two")) == b"two"
    assert all(len(file.name) == 64 for file in home.iterdir())


def test_damage_and_what_is_no_pack(repo: Repo) -> None:
    packs, home = Packs(discover(repo.path)), repo.path / ".git/mem/packs"
    packs.keep(b"one")
    (home / pack_id(b"one")).write_bytes(b"One")
    (home / "notes.txt").write_text("not ours")
    (home / ("b" * 64)).mkdir()
    for name in (pack_id(b"one"), "b" * 64):
        with pytest.raises(DamagedPack):
            packs.read(name)
    assert packs.matching("n") == []
    packs.keep(b"one")
    assert packs.read(pack_id(b"one")) == b"one"


def test_where_nothing_can_be_written(repo: Repo) -> None:
    (repo.path / ".git/mem").write_text("in the way")
    with pytest.raises(OSError):
        Packs(discover(repo.path)).keep(b"one")
