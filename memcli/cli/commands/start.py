"""`mem init`, `status`, `doctor`, `bootstrap`, `demo`."""

from __future__ import annotations

from typing import Annotated

import typer

from memcli.cli.options import Command, call
from memcli.cli.views.output import counted, emit, finding_data, finding_lines, hint_init, note, printable
from memcli.cli.views.terminal import working
from memcli.operations.status.status import Status

app = typer.Typer()


@app.command("init", cls=Command)
def init_command(
    ctx: typer.Context,
    branch: Annotated[str | None, typer.Option(help="Another branch than mem/main for the memory")] = None,
) -> None:
    """Set up the memory of this repository, or adopt the one it was cloned with"""
    from memcli.operations.setup.init import init

    this = call(ctx)
    done = init(this.workspace, branch)
    data = {"branch": done.branch, "root": done.root, "tip": done.tip, "created": done.created, "adopted": done.adopted}
    words = "ready: " if not done.created else "new: "
    origin = f", adopted from {done.adopted.removeprefix('refs/remotes/')}" if done.adopted else ""
    emit(this, "init", data, lambda: f"{words}{done.branch} at {done.tip[:10]}{origin}")
    if done.created:
        note(
            this, "next: 'mem bootstrap' reads what the repository already knows, 'mem add TEXT' writes something down"
        )


@app.command("status", cls=Command)
def status_command(ctx: typer.Context) -> None:
    """Show where the store, your session, the queue and the index stand"""
    from memcli.operations.status.status import store_status

    this = call(ctx)
    found = store_status(this.workspace)
    index = {"tree": found.index.indexed, "behind": found.index.behind, "embedder": found.index.embedder}
    data = {
        "branch": found.branch, "tip": found.tip, "session": found.session, "candidates": found.candidates,
        "queued": found.queued, "failed": [{"op": op, "reason": reason} for op, reason in found.failed],
        "index": index, "dream": {"watermark": found.dream.watermark or None, "last": found.dream.at},
        "conflicts": found.conflicts, "attention": found.attention, "memories": found.memories,
        "waiting": [{"session": name, "candidates": count} for name, count in found.waiting],
    }  # fmt: skip
    emit(this, "status", data, lambda: "\n".join(_status_lines(found)))
    hint_init(this)


def _status_lines(found: Status) -> list[str]:
    lines = [f"{found.branch} at {found.tip[:10]}: {counted(found.memories, 'active memory', 'active memories')}"]
    lines.append(
        f"session: {found.session} ({counted(found.candidates, 'candidate', 'candidates')})"
        if found.session
        else "session: none"
    )
    lines += [
        f"waiting: {name} ({counted(count, 'candidate', 'candidates')})"
        for name, count in found.waiting
        if name != found.session
    ]
    if found.queued:
        lines.append(f"queued: {found.queued} operations, carried out by the next write")
    lines += [printable(f"failed: {op}: {reason}") for op, reason in found.failed]
    if found.conflicts or found.attention:
        lines.append(f"to settle: {found.conflicts} conflicts, {found.attention} to attend to ('mem resolve')")
    behind = found.index.behind
    lines.append("index: " + ("not built yet" if behind is None else f"{behind} files behind" if behind else "current"))
    return lines


@app.command("doctor", cls=Command)
def doctor_command(ctx: typer.Context) -> None:
    """Check what the memory stands on, and say how to mend what is wrong"""
    from memcli.operations.status.doctor import doctor

    this = call(ctx)
    checks = doctor(this.workspace)
    data = {"checks": [{"name": one.name, "ok": one.ok, "message": one.message, "next": one.next} for one in checks]}
    lines = [
        printable(f"{'ok ' if one.ok else 'BAD'} {one.name}: {one.message}") + (f"\n    {one.next}" if one.next else "")
        for one in checks
    ]
    emit(this, "doctor", data, lambda: "\n".join(lines))
    if not all(one.ok for one in checks):
        raise typer.Exit(1)


@app.command("bootstrap", cls=Command)
def bootstrap_command(
    ctx: typer.Context,
    paths: Annotated[
        list[str] | None, typer.Argument(help="Files or directories; left out, all of HEAD and its history")
    ] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Show what would be proposed")] = False,
) -> None:
    """Propose memories from what the repository already has

    Decision records, README and docs, AGENTS.md and CLAUDE.md, Claude Code memory directories, telling commits.
    """
    from memcli.operations.setup.bootstrap import bootstrap

    this = call(ctx)
    with working(this, "reading documents and history"):
        done = bootstrap(this.workspace, paths or (), dry_run)
    data = {
        "session": done.session, "state": done.state, "found": done.found, "known": done.known,
        "proposed": [{"id": one.id, "title": one.title, "type": one.type, "status": one.status, "ref": one.source.ref}
                     for one in done.proposed],
        "kinds": done.kinds, "findings": [finding_data(one) for one in done.refused],
    }  # fmt: skip
    counted = ", ".join(f"{count} {kind}" for kind, count in sorted(done.kinds.items()))
    words = f"{len(done.proposed)} proposed" + (f" ({counted})" if counted else "") + f", {done.known} known already"
    lines = [words + (f", in session {done.session}" if done.session else "")]
    if dry_run or this.flags.verbose:
        lines += [printable(f"  {one.type:<11}{one.title}  ({one.source.ref})") for one in done.proposed]
    emit(this, "bootstrap", data, lambda: "\n".join([*lines, *finding_lines(done.refused)]))
    if done.session:
        note(this, f"next: 'mem review {done.session}', then 'mem promote {done.session}'")


@app.command("demo", cls=Command)
def demo_command(
    ctx: typer.Context,
    keep: Annotated[bool, typer.Option("--keep", help="Leave the scratch repository for a look")] = False,
) -> None:
    """Walk the road in a scratch clone of this repository: bootstrap, session, review, promotion, recall, undo"""
    from memcli.cli.commands.demo import walk

    walk(call(ctx), keep)
