"""`mem import` of files, archives and stdin, hostile ones among them, into real repositories."""

from __future__ import annotations

import io
import json
import tarfile
import zipfile
from pathlib import Path

import pytest

from tests.conftest import Mem, Repo

RULE = "Never call the handler directly: it races with the ledger."
SECRET = "ghp_" + "a1B2c3D4e5F6g7H8i9J0" + "k1L2m3N4o5P6q7R8"


@pytest.fixture
def other(repo: Repo, fast: Mem, tmp_path: Path) -> Path:
    """Another repository with an empty store; the first has two promoted memories."""
    fast("init")
    fast("add", "--type", "constraint", "--topic", "payments", RULE)
    fast("add", "--type", "procedure", "Cut a release\n\n1. Tag the commit.\n2. Push the tag.")
    fast("promote", "--yes")
    place = tmp_path / "other"
    repo.git("init", "-q", str(place))
    repo.git("-C", str(place), "commit", "-q", "--allow-empty", "-m", "start")
    fast("init", cwd=place)
    return place


def export(fast: Mem, place: Path, name: str = "okf") -> Path:
    assert fast("export", "--as", name, "--to", str(place)).code == 0
    return place


def test_ids_and_dates_stay_and_a_second_import_proposes_nothing(other: Path, fast: Mem, tmp_path: Path) -> None:
    bundle = export(fast, tmp_path / "bundle")
    first = fast("import", str(bundle), "--json", cwd=other).json()
    assert first["session"] == "import" and len(first["proposed"]) == 2
    assert fast("import", str(bundle), "--json", cwd=other).json()["proposed"] == []
    fast("promote", "--yes", cwd=other)
    again = fast("import", str(bundle), "--json", cwd=other)
    assert again.code == 0 and (again.json()["known"], again.json()["session"]) == (2, None)
    here, there = (fast("export", "--as", "jsonl", "--to", "-", cwd=cwd).out for cwd in (None, other))
    assert here == there and "created" in here


def test_what_differs_is_a_change_of_the_memory_with_its_id(other: Path, fast: Mem, tmp_path: Path) -> None:
    bundle = export(fast, tmp_path / "bundle")
    fast("import", str(bundle), cwd=other)
    fast("promote", "--yes", cwd=other)
    file = next(file for file in bundle.rglob("*.md") if "Never call" in file.read_text() and file.name != "index.md")
    file.write_text(file.read_text().replace("with the ledger.", "with the ledger and the cache."))
    result = fast("import", str(bundle), "--json", cwd=other).json()
    assert [proposal["type"] for proposal in result["proposed"]] == ["constraint"] and result["known"] == 1
    assert "ledger{+ and the cache+}" in fast("review", cwd=other).out
    fast("promote", "--yes", cwd=other)
    newer = {"GIT_COMMITTER_DATE": "2030-01-01T00:00:00Z"}  # dates have seconds, in which all of this may happen
    words = ("--body", "A newer rule about the ledger, decided here.")
    assert fast("edit", result["proposed"][0]["id"], *words, cwd=other, env=newer).code == 0
    fast("promote", "--yes", cwd=other)
    older = fast("import", str(bundle), "--json", cwd=other).json()
    assert older["proposed"] == [] and any(
        "has been changed in the store since" in s["reason"] for s in older["skipped"]
    )


def test_an_agent_claims_no_word_of_a_person(other: Path, fast: Mem, tmp_path: Path) -> None:
    file = export(fast, tmp_path / "m.jsonl", "jsonl")
    lines = [{**json.loads(line), "read_only": True} for line in file.read_text().splitlines()]
    file.write_text("".join(json.dumps(line) + "\n" for line in lines))
    agent = ("--agent", "codex")
    assert fast("import", str(file), *agent, cwd=other).code == 0
    stored = [
        json.loads(line) for line in fast("export", "--as", "jsonl", "--to", "-", *agent, cwd=other).out.splitlines()
    ]
    assert [memory["evidence"] for memory in stored] == ["inference", "inference"]
    assert not [memory for memory in stored if "read_only" in memory]


def test_nothing_passes_the_gate_that_a_write_would_not(other: Path, fast: Mem, tmp_path: Path) -> None:
    file = export(fast, tmp_path / "m.jsonl", "jsonl")
    first, second = map(json.loads, file.read_text().splitlines())
    first["body"] = f"The token is {SECRET} for now.\n"
    second["body"] = "Public part. <private>hidden apples</private> More.\n"
    file.write_text(f"{json.dumps(first)}\n{json.dumps(second)}\n{json.dumps({**second, 'id': 'x'})}\n" + "{broken\n")
    result = fast("import", str(file), "--json", cwd=other)
    assert SECRET not in result.out + result.err and "looks like" in result.out
    assert [s["line"] for s in result.json()["skipped"]] == [3, 4]
    assert [proposal["type"] for proposal in result.json()["proposed"]] == ["procedure"]
    assert "apples" not in fast("show", second["id"], cwd=other).out


@pytest.mark.parametrize("name", ["m.jsonl", "b.tar.gz", "b.zip", "b.tar"])
def test_stdin_is_told_by_what_it_holds(name: str, other: Path, fast: Mem, tmp_path: Path) -> None:
    file = export(fast, tmp_path / name, "jsonl" if name.endswith("jsonl") else "okf")
    result = fast("import", "-", "--json", cwd=other, input=file.read_bytes())
    assert result.code == 0 and len(result.json()["proposed"]) == 2


def test_one_text_on_stdin_is_a_memory(other: Path, fast: Mem) -> None:
    text = "# Deploys\n\nAlways deploy from the release branch because main may be broken; never by hand.\n"
    result = fast("import", "-", "--json", cwd=other, input=text)
    assert result.code == 0 and len(result.json()["proposed"]) >= 1


@pytest.mark.parametrize("argument", ["empty.md", "none.bin", "hollow"])
def test_a_source_that_gives_nothing_says_why_and_exits_with_1(argument: str, other: Path, fast: Mem) -> None:
    (other / "empty.md").write_text("")
    (other / "none.bin").write_bytes(b"\0\1\2")
    (other / "hollow").mkdir()
    result = fast("import", argument, cwd=other)
    assert result.code == 1 and argument in result.out


def test_a_missing_source_and_a_wrong_format_are_errors(other: Path, fast: Mem) -> None:
    assert fast("import", "nowhere", cwd=other).code == 4
    assert fast("import", ".", "--as", "nonsense", cwd=other).code == 2


def test_hostile_archives_are_read_within_bounds(other: Path, fast: Mem, tmp_path: Path) -> None:
    concept = b"---\nokf_version: '0.2'\ntype: Rule\ntitle: Deploys\n---\nAlways deploy from the release branch.\n"
    file = tmp_path / "evil.tar.gz"
    with tarfile.open(file, "w:gz") as archive:
        members = {
            "../../evil.md": concept,
            "/abs.md": concept,
            "ok.md": concept,
            "a/../../b.md": concept,
            "huge.md": b"x" * (2 << 20),
        }
        for name, data in members.items():
            info = tarfile.TarInfo(name)
            info.size = len(data)
            archive.addfile(info, io.BytesIO(data))
        link = tarfile.TarInfo("link.md")
        link.type, link.linkname = tarfile.SYMTYPE, "/etc/passwd"
        archive.addfile(link)
    result = fast("import", str(file), "--json", cwd=other)
    assert result.code == 0 and [proposal["ref"] for proposal in result.json()["proposed"]] == ["ok.md"]
    reasons = {skip["path"]: skip["reason"] for skip in result.json()["named"][0]["skipped"]}
    assert set(reasons) == {"../../evil.md", "/abs.md", "a/../../b.md", "huge.md", "link.md"}
    assert reasons["link.md"] == "a link" and "larger than 1 MiB" in reasons["huge.md"]
    assert not (tmp_path / "evil.md").exists()


def test_a_zip_bomb_and_torn_archives_end_in_a_line(other: Path, fast: Mem, tmp_path: Path) -> None:
    bomb = tmp_path / "bomb.zip"
    with zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("big.md", b"0" * (64 << 20))
        archive.writestr("../x.md", b"x")
    result = fast("import", str(bomb), cwd=other)
    assert result.code == 1 and "larger than 1 MiB" in result.out
    for name, data in (
        ("torn.tar.gz", b"\x1f\x8b\x08nonsense"),
        ("torn.zip", b"PK\x03\x04nonsense"),
        ("x.tar", b"no tar"),
    ):
        (tmp_path / name).write_bytes(data)
        result = fast("import", str(tmp_path / name), cwd=other)
        assert result.code == 1 and "cannot be read as an archive" in result.err and "Traceback" not in result.err


def test_notes_of_claude_come_back_as_changes_and_as_new_memories(other: Path, fast: Mem, repo: Repo) -> None:
    directory = export(fast, repo.path / ".claude" / "memory", "claude")
    mine = "- [Mine](mine.md) — mine\n"
    index = directory / "MEMORY.md"
    index.write_text(mine + index.read_text())
    (directory / "mine.md").write_text(
        "---\nname: mine\ndescription: Staging is reset at night\ntype: project\n---\n"
        "The staging database is reset every night at 02:00; never rely on rows that are there.\n"
    )
    assert fast("import", str(directory), "--as", "claude", "--json").json()["known"] == 2
    fast("reject", "import", "--reason", "later")
    note = next(file for file in directory.glob("*.md") if "Tag the commit" in file.read_text() and file != index)
    note.write_text(note.read_text().replace("Push the tag.", "Push the tag twice."))
    result = fast("import", str(directory), "--json").json()
    changed = [proposal for proposal in result["proposed"] if proposal["source"] == "mem-copies"]
    assert [proposal["type"] for proposal in changed] == ["procedure"]
    assert "{+ twice+}" in fast("review").out
    assert fast("export", "--as", "claude", "--to", str(directory)).code == 1
    assert index.read_text().startswith(mine) and "twice" in note.read_text() and other.exists()


def test_concepts_of_others_become_memories_with_their_links(other: Path, fast: Mem) -> None:
    bundle = other / "kb"
    (bundle / "tables").mkdir(parents=True)
    (bundle / "index.md").write_text(
        '---\nokf_version: "0.2"\n---\n# Tables\n\n* [Orders](tables/orders.md) - orders\n'
    )
    (bundle / "log.md").write_text("# Log\n\n## 2026-05-22\n* **Creation**: all.\n")
    (bundle / "tables" / "orders.md").write_text(
        "---\ntype: BigQuery Table\ntitle: Orders\ndescription: One row per order.\ntags: [sales]\nstatus: deprecated\n"
        "resource: https://example.com/orders\ngenerated: { by: human:a, at: 2026-05-28T14:30:00Z }\n"
        "verified:\n  - { by: human:b, at: 2026-06-25T09:00:00Z }\n---\nNever join orders on email; use the id.\n"
    )
    (bundle / "playbook.md").write_text(
        "---\ntype: Playbook\ntitle: Freshness alert\nstatus: draft\nstale_after: 2027-01-01T00:00:00Z\n---\n"
        "1. Check the ingestion job.\n2. See [orders](/tables/orders.md) and [it](./tables/orders.md).\n"
    )
    (bundle / "broken.md").write_text("no front matter at all, but some words that say something\n")
    (bundle / "hollow.md").write_text("---\ntype: X\n---\n")
    result = fast("import", "kb", "--json", cwd=other)
    by_ref = {proposal["ref"].partition("#")[0]: proposal for proposal in result.json()["proposed"]}
    orders, playbook = by_ref["kb/tables/orders.md"], by_ref["kb/playbook.md"]
    assert (orders["status"], playbook["type"]) == ("retired", "procedure")
    text = fast("show", orders["id"], cwd=other).out
    assert "One row per order." in text and "created: 2026-05-28T14:30:00Z" in text and "bigquery-table" in text
    text = fast("show", playbook["id"], cwd=other).out
    assert text.count(f"[[{orders['id']}|") == 2 and "proposed" in text and "expires: 2027-01-01" in text
    skipped = {skip["path"]: skip["reason"] for skip in result.json()["named"][0]["skipped"]}
    assert {"kb/index.md", "kb/log.md", "kb/hollow.md"} <= set(skipped)


def test_a_second_file_of_one_name_leaves_the_first_read(other: Path, fast: Mem, tmp_path: Path) -> None:
    archive = tmp_path / "twice.tar"
    rule = b"# Rules\n\nNever call the handler directly, because it races with the ledger.\n"
    with tarfile.open(archive, "w") as opened:
        for _ in range(2):
            member = tarfile.TarInfo("AGENTS.md")
            member.size = len(rule)
            opened.addfile(member, io.BytesIO(rule))
    result = fast("-C", str(other), "import", str(archive))
    assert result.code == 0 and "1 file read, 1 skipped: the archive has another file of this name" in result.out


def test_a_tilde_of_no_user_is_a_name(other: Path, fast: Mem) -> None:
    for command in ("import", "bootstrap"):
        result = fast("-C", str(other), command, "~no-such-user")
        assert result.code == 4 and "no such file or directory: ~no-such-user" in result.err
    assert fast("-C", str(other), "export", "--as", "jsonl", "--to", "~no-such-user").code == 0
    assert (other / "~no-such-user").is_file()
