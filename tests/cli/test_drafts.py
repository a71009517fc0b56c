"""Nothing that is typed in an editor is lost: whatever fails, it is a draft, and the error says how to go on."""

from __future__ import annotations

import os
import re
import signal
import subprocess
from pathlib import Path

import pytest

from tests import sandbox
from tests.conftest import Mem, Repo
from tests.terminal import Terminal, wait_for

EXPLANATION_FIRST = '; grep "^# " "$1" > "$1.h"; grep -v "^# " "$1" > "$1.b"; cat "$1.h" "$1.b" > "$1"; rm "$1".?'
TOKEN = "ghp_" + "abcdefghijklmnopqrstuvwxyz0123456789"


@pytest.fixture
def terminal(repo: Repo, fast: Mem, tmp_path: Path) -> Terminal:
    assert fast("init").code == 0
    return Terminal(repo, tmp_path / "editor.sh")


def drafts(repo: Repo) -> list[Path]:
    places = (repo.path / ".git/mem/drafts", repo.path / ".mem/spool/drafts")
    return [file for place in places if place.is_dir() for file in sorted(place.iterdir())]


def typing(tmp_path: Path, data: bytes) -> str:
    """An editor that leaves just these bytes."""
    (tmp_path / "typed").write_bytes(data)
    return f'cat "{tmp_path}/typed" > "$1"'


def go_on(output: str) -> tuple[str, ...]:
    """The words of the command that an error names."""
    command = re.search(r"go on with 'mem ([^']+)'", output)
    assert command, output
    return tuple(command[1].split())


REFUSED = {
    "a secret": (f"Careful words.\ntoken = {TOKEN}\n".encode(), "line 2"),
    "a secret below blank lines": (f"\n\nCareful words.\ntoken = {TOKEN}\n".encode(), "line 4"),
    "a terminal escape": (b"Careful words.\n\nAn \x1b[31m escape.\n", "line 3"),
    "bytes that are not UTF-8": (b"Careful words.\nA byte: \xff.\n", "line 2"),
    "a NUL": (b"Careful words.\nA byte: \0.\n", "line 2"),
    "too many bytes": (b"Careful words.\n" + b"0123456789 abcdef\n" * 5000, "size"),
    "front matter that is cut": (b"---\ntitle: Careful words\nThe body.\n", "line 1"),
    "front matter that is no YAML": (b"---\ntitle: [\n---\nCareful words.\n", "line 2"),
    "an anchor": (b"---\ntitle: &a x\n---\nCareful words.\n", "line 2"),
    "a key twice": (b"---\ntitle: x\ntopic: a\ntopic: b\n---\nCareful words.\n", "line 4"),
    "an unknown key": (b"---\ntopic: payments\ntitel: x\n---\nCareful words.\n", "did you mean 'title'?"),
    "an unknown word": (b"---\ntopic: a\nkind: nonsense\n---\nCareful words.\n", "line 3"),
    "a bad date": (b"---\ntopic: a\nvalid_from: soon\n---\nCareful words.\n", "line 3"),
    "front matter alone": (b"---\ntitle: x\n---\n", "body"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_what_is_refused_is_kept_byte_for_byte(terminal: Terminal, fast: Mem, tmp_path: Path, case: str) -> None:
    data, place = REFUSED[case]
    code, output = terminal.run("add", editor=typing(tmp_path, data))
    (draft,) = drafts(terminal.repo)
    assert code not in (0, 1) and place in output, output
    assert draft.read_bytes() == data and draft.stat().st_mode & 0o777 == 0o600
    assert draft.parent.stat().st_mode & 0o777 == 0o700
    assert str(draft.relative_to(terminal.repo.path)) in output and "Traceback" not in output
    assert TOKEN not in output and fast("list", "--json").json()["memories"] == []
    assert go_on(output)[:2] == ("add", "--draft")


def test_a_draft_is_opened_again_recorded_and_removed(terminal: Terminal, fast: Mem, tmp_path: Path) -> None:
    _, output = terminal.run("add", editor=typing(tmp_path, f"# A heading\n\nCareful words {TOKEN}.\n".encode()))
    (draft,) = drafts(terminal.repo)
    assert fast("status", "--json").json()["drafts"] == 1 and "drafts: 1" in fast("status").out
    assert terminal.run(*go_on(output), editor="true")[0] == 6 and drafts(terminal.repo) == [draft]
    code, output = terminal.run(*go_on(output), editor=f"sed -i 's/ {TOKEN}//' \"$1\"")
    assert code == 0, output
    (memory,) = fast("list", "--json").json()["memories"]
    assert fast("show", memory["id"], "--json").json()["body"] == "# A heading\n\nCareful words.\n"
    assert drafts(terminal.repo) == [] and fast("status", "--json").json()["drafts"] == 0
    everything = subprocess.run("git cat-file --batch-all-objects --batch; cat .git/mem/journal -r", shell=True,
                                cwd=terminal.repo.path, capture_output=True).stdout  # fmt: skip
    assert TOKEN.encode() not in everything


def test_without_a_terminal_a_draft_is_taken_as_it_is(terminal: Terminal, fast: Mem, tmp_path: Path) -> None:
    terminal.run("add", editor=typing(tmp_path, b"---\nkind: nonsense\n---\nCareful words.\n"))
    (draft,) = [file for file in drafts(terminal.repo) if b"nonsense" in file.read_bytes()]
    assert fast("add", "--draft", draft.stem).code == 6 and draft.exists()
    draft.write_bytes(b"---\nkind: semantic\n---\nCareful words.\n")
    added = fast("add", "--draft", draft.name, "--tag", "kept", "--json")
    assert added.code == 0 and not draft.exists()
    assert fast("show", added.json()["id"], "--json").json()["tags"] == ["kept"]


def test_drafts_are_listed_with_the_command_that_goes_on(terminal: Terminal, fast: Mem, tmp_path: Path) -> None:
    memory_id = fast("add", "Old words.", "--promote", "--json").json()["id"]
    terminal.run("add", editor=typing(tmp_path, b"Words.\nA byte: \xff.\n"))
    terminal.run("edit", memory_id, editor='printf "A byte: \\377" >> "$1"')
    terminal.run("supersede", memory_id, editor='printf "A byte: \\377" >> "$1"')
    terminal.run("policy", "edit", editor='echo "promote: nobody" > "$1"')
    listed = fast("add", "--draft", "--json").json()["drafts"]
    commands = [draft["command"].split()[:2] for draft in listed]
    assert commands == [["mem", "add"], ["mem", "edit"], ["mem", "policy"], ["mem", "supersede"]]
    assert [Path(draft["path"]) for draft in listed] == drafts(terminal.repo)
    for draft in listed:
        assert fast(*draft["command"].split()[1:]).code not in (0, 4)
        assert draft["command"] in fast("edit", "--draft").out
    unknown = fast("add", "--draft", "nosuch", "--json")
    assert unknown.code == 4 and listed[0]["name"] in unknown.error()["message"]
    other = fast("add", "--draft", listed[1]["name"], "--json")
    assert other.code == 4 and listed[1]["command"] in other.error()["hint"]


def test_lines_are_those_that_the_person_sees(terminal: Terminal, fast: Mem) -> None:
    memory_id = fast("add", "Line one.\n\nLine three.", "--json").json()["id"]
    for change, expected in (
        ("s/^kind: .*/kind: nonsense/", "kind: nonsense"),
        ("s/^topic: .*/topic: &a x/", "topic: "),
        (f"s/Line three.*/token = {TOKEN}/", "token ="),
    ):
        for moved in (
            "",
            '; grep "^# " "$1" > "$1.h"; grep -v "^# " "$1" > "$1.b"; cat "$1.h" "$1.b" > "$1"; rm "$1".?',
        ):
            code, output = terminal.run("edit", memory_id, editor=f"sed -i '{change}' \"$1\"{moved}")
            (draft,) = drafts(terminal.repo)
            lines = draft.read_text(errors="replace").split("\n")
            number = next(number for number, line in enumerate(lines, 1) if re.match(expected, line))
            assert code == 6 and f"line {number}:" in output, (change, moved, output)
            draft.unlink()


def test_private_parts_do_not_move_the_lines(terminal: Terminal, tmp_path: Path) -> None:
    text = f"Words.\n<private>\nmine\n</private>\ntoken = {TOKEN}\n"
    assert "line 5:" in terminal.run("add", editor=typing(tmp_path, text.encode()))[1]


def test_the_explanation_goes_and_headings_stay(terminal: Terminal, fast: Mem, tmp_path: Path) -> None:
    code, _ = terminal.run(
        "add", "--topic", "ops", editor=f'cp "$1" {tmp_path}/seen; printf "# One\\n\\n#two\\n" >> "$1"'
    )
    seen = (tmp_path / "seen").read_text()
    assert code == 0 and "# ---- mem add" in seen and "valid_from" in seen and "topic: ops" in seen
    (memory,) = fast("list", "--json").json()["memories"]
    assert (memory["topic"], memory["title"]) == ("ops", "One")
    assert fast("show", memory["id"], "--json").json()["body"] == "# One\n\n#two\n"
    assert terminal.run("edit", memory["id"], editor='sed -i "s/#two/# Two/" "$1"')[0] == 0
    assert fast("show", memory["id"], "--json").json()["body"] == "# One\n\n# Two\n"
    assert "unchanged" in terminal.run("edit", memory["id"], editor="true")[1]
    assert terminal.run("policy", "edit", editor='echo "# My own comment" >> "$1"')[0] == 0
    text = fast("review", "--json").json()["candidates"]
    assert any("# My own comment" in one["diff"] and "these lines" not in one["diff"] for one in text)
    assert drafts(terminal.repo) == []


@pytest.mark.parametrize("editor", ['printf "" > "$1"', 'rm "$1"', 'printf "\\n \\n" > "$1"', "true"])
def test_an_emptied_text_aborts(terminal: Terminal, fast: Mem, editor: str) -> None:
    memory_id = fast("add", "Old words.", "--json").json()["id"]
    code, output = terminal.run("add", editor=editor)
    assert code == 1 and "aborted" in output and drafts(terminal.repo) == []
    if editor != "true":
        assert terminal.run("edit", memory_id, editor=editor)[0] == 1 and drafts(terminal.repo) == []
        assert terminal.run("policy", "edit", editor=editor)[0] == 1 and drafts(terminal.repo) == []
    assert fast("show", memory_id, "--json").json()["body"] == "Old words.\n"


def test_a_draft_that_is_emptied_is_as_it_was(terminal: Terminal, tmp_path: Path) -> None:
    data = b"Careful words.\nA byte: \xff.\n"
    _, output = terminal.run("add", editor=typing(tmp_path, data))
    assert terminal.run(*go_on(output), editor='printf "" > "$1"')[0] == 1
    assert [draft.read_bytes() for draft in drafts(terminal.repo)] == [data]


def test_an_editor_that_fails_keeps_what_it_has_saved(terminal: Terminal) -> None:
    code, output = terminal.run("add", editor='echo "Careful words." > "$1"; exit 3')
    assert code == 1 and "exited with 3" in output and len(drafts(terminal.repo)) == 1
    assert terminal.run(*go_on(output), editor="true")[0] == 0 and drafts(terminal.repo) == []
    assert terminal.run("add", editor="exit 3")[0] == 1 and drafts(terminal.repo) == []


@pytest.mark.parametrize(
    "environment",
    [{"EDITOR": "no-such-editor"}, {"EDITOR": ""}, {"EDITOR": "/dev/null"}, {"TERM": "dumb", "EDITOR": ""}],
)
def test_without_an_editor_it_says_so(terminal: Terminal, environment: dict[str, str]) -> None:
    code, output = terminal.run("add", editor="true", env={"VISUAL": "", **environment})
    assert code in (1, 2) and "editor" in output and "EDITOR" in output and "Traceback" not in output
    assert drafts(terminal.repo) == []


def test_ctrl_c_in_the_editor_keeps_what_it_has_saved(terminal: Terminal, fast: Mem, tmp_path: Path) -> None:
    there = tmp_path / "there"
    process, handle = terminal.start("add", editor=f'echo "Careful words." > "$1"; touch {there}; sleep 60')
    wait_for(there)
    os.write(handle, b"\x03")
    code, output = terminal.end(process, handle)
    assert code != 0 and "Traceback" not in output and len(drafts(terminal.repo)) == 1
    assert terminal.run(*go_on(output), editor="true")[0] == 0
    assert len(fast("list", "--json").json()["memories"]) == 1


def test_an_editor_that_takes_ctrl_c_goes_on(terminal: Terminal, fast: Mem, tmp_path: Path) -> None:
    there = tmp_path / "there"
    editor = f'trap "echo Words. > \\"$1\\"; exit 0" INT; touch {there}; while :; do sleep 0.05; done'
    process, handle = terminal.start("add", editor=editor)
    wait_for(there)
    os.write(handle, b"\x03")
    assert terminal.end(process, handle)[0] == 0
    assert [memory["title"] for memory in fast("list", "--json").json()["memories"]] == ["Words"]


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGTERM, signal.SIGHUP])
def test_a_killed_mem_leaves_the_draft(terminal: Terminal, fast: Mem, tmp_path: Path, number: int) -> None:
    there = tmp_path / "there"
    editor = f'echo "Careful words." > "$1"; touch {there}; trap "" HUP; while [ -e {there} ]; do sleep 0.05; done'
    process, handle = terminal.start("add", editor=editor)
    wait_for(there)
    process.send_signal(number)
    process.wait(timeout=30)
    there.unlink()
    os.close(handle)
    assert fast("status", "--json").json()["drafts"] == 1
    (draft,) = fast("add", "--draft", "--json").json()["drafts"]
    assert fast(*draft["command"].split()[1:]).code == 0 and drafts(terminal.repo) == []


def test_what_nothing_could_record_is_kept(terminal: Terminal, repo: Repo, tmp_path: Path) -> None:
    """As on a full disk: the journal takes no entry."""
    editor = typing(tmp_path, b"Careful words.\n")
    journal = repo.path / ".git/mem/journal"
    code, output = terminal.run("add", editor=f"{editor}; rm -rf {journal}; touch {journal}")
    assert code == 1 and "nothing was recorded" in output, output
    (draft,) = drafts(repo)
    assert draft.read_bytes() == b"Careful words.\n"
    journal.unlink()
    assert terminal.run(*go_on(output), editor="true")[0] == 0 and drafts(repo) == []


def test_a_change_meets_what_others_have_changed_meanwhile(terminal: Terminal, fast: Mem) -> None:
    memory_id = fast("add", "First.\n\nSecond.", "--title", "Two", "--json").json()["id"]
    _, output = terminal.run("edit", memory_id, editor=f"sed -i 's/First/Mine {TOKEN}/' \"$1\"")
    assert fast("edit", memory_id, "--body", "First.\n\nTheirs.").code == 0
    assert terminal.run(*go_on(output), editor=f"sed -i 's/ {TOKEN}//' \"$1\"")[0] == 0
    assert fast("show", memory_id, "--json").json()["body"] == "Mine.\n\nTheirs.\n"


def test_a_policy_that_was_changed_meanwhile_is_compared_first(terminal: Terminal, fast: Mem) -> None:
    editor = "sed -i 's/every: .*/every: 36h/' \"$1\"; {mem} policy set pack.tokens 1500 < /dev/null"
    code, output = terminal.run("policy", "edit", editor=editor.format(mem=" ".join(sandbox.MEM)))
    assert code == 5 and "changed while you were writing" in output, output
    assert fast("status", "--json").json()["failed"] == []
    code, output = terminal.run(*go_on(output), editor="sed -i 's/tokens: .*/tokens: 1500/' \"$1\"")
    assert code == 0, output
    proposed = fast("review", "--json").json()["candidates"][0]["diff"]
    assert "tokens: 1500" in proposed and "every: 36h" in proposed


def test_a_session_that_was_named_is_named_again(terminal: Terminal, fast: Mem, tmp_path: Path) -> None:
    assert fast("session", "start", "work").code == 0 and fast("session", "start", "other").code == 0
    _, output = terminal.run("add", "--session", "work", editor=typing(tmp_path, b"Words.\nA byte: \xff.\n"))
    (draft,) = fast("add", "--draft", "--json").json()["drafts"]
    Path(draft["path"]).write_text("Words.\n")
    assert tuple(draft["command"].split()[1:]) == go_on(output)
    assert fast(*go_on(output), "--json").json()["session"] == "work"


def test_two_terminals_keep_two_drafts(terminal: Terminal, fast: Mem) -> None:
    memory_id = fast("add", "Old words.", "--json").json()["id"]
    for word in ("one", "two"):
        terminal.run("edit", memory_id, editor=f'echo "{word} {TOKEN}" >> "$1"')
    assert [draft.read_text().count(TOKEN) for draft in drafts(terminal.repo)] == [1, 1]


def test_stdin_is_in_the_callers_hands_and_told_so(terminal: Terminal, fast: Mem) -> None:
    memory_id = fast("add", "Old words.", "--json").json()["id"]
    calls = (
        ("add", "-"),
        ("add",),
        ("add", "--batch", "-"),
        ("edit", memory_id, "--body", "-"),
        ("supersede", memory_id, "-"),
    )
    for words in calls:
        for data in (f"token = {TOKEN}\n", b"\xff"):
            done = fast(*words, "--json", input=data)
            assert done.code != 0 and "stdin is not kept" in done.error()["hint"], (words, done)
    assert drafts(terminal.repo) == []


@pytest.mark.usefixtures("terminal")
def test_a_text_of_an_editor_and_other_options_exclude_each_other(fast: Mem) -> None:
    memory_id = fast("add", "Old words.", "--json").json()["id"]
    assert fast("add", "Text.", "--draft", "x").code == 2
    assert fast("edit", memory_id, "--body", "Text.", "--draft", "x").code == 2
    assert fast("supersede", memory_id, "Text.", "--draft", "x").code == 2


def test_below_a_read_only_git_drafts_are_in_the_spool(
    terminal: Terminal, repo: Repo, fast: Mem, tmp_path: Path
) -> None:
    sandbox.skip_unless_confined(repo)
    terminal.run("add", editor=typing(tmp_path, b"Fine words.\n"))
    terminal.is_confined = True
    code, output = terminal.run("add", editor=typing(tmp_path, b"Words.\nA byte: \xff.\n"))
    (draft,) = drafts(repo)
    assert code == 2 and ".mem/spool/drafts" in output and draft.read_bytes() == b"Words.\nA byte: \xff.\n"
    assert repo.git("status", "--porcelain") == ""
    draft.write_text("Words.\n")
    assert terminal.run(*go_on(output), editor="true")[0] == 0 and drafts(repo) == []
    assert len(fast("list", "--json").json()["memories"]) == 2


def test_a_candidate_edited_in_review_is_kept(terminal: Terminal, fast: Mem) -> None:
    assert fast("session", "start", "work").code == 0
    memory_id = fast("add", "Old words.", "--json").json()["id"]
    _, output = terminal.run("review", "work", "-p", editor=f'echo "{TOKEN}" >> "$1"', typed="e\nq\n")
    assert go_on(output)[:4] == ("edit", memory_id[-6:], "--session", "work")
