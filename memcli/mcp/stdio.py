"""The process of `mem mcp`: it serves one client on stdin and stdout, until either is closed or a signal comes.

Contract: stdout carries messages of the protocol alone. The SDK points it at stderr meanwhile, so that what a library
prints does no harm.
"""

from __future__ import annotations

import logging
import os
import signal

import anyio
from anyio.abc import TaskStatus
from mcp.server.stdio import stdio_server

from memcli.cli.options import Call
from memcli.mcp.patience import PatientReader, PatientWriter
from memcli.mcp.server import MemoryServer


def serve(call: Call) -> None:
    """Serve until the client is gone; a signal ends the process at once."""
    if not call.flags.verbose:
        logging.disable(logging.CRITICAL)  # the SDK logs tracebacks
    server = MemoryServer(call)
    try:
        anyio.run(_serve, server)
    except* OSError:
        pass  # the client has closed stdout
    server.callers.end_sessions()


async def _serve(server: MemoryServer) -> None:
    async with anyio.create_task_group() as tasks:
        await tasks.start(_exit_on_signal, server)
        async with stdio_server() as (read, write):
            protocol, writer = server.protocol(), PatientWriter(write)
            await protocol.run(PatientReader(read, writer), writer, protocol.create_initialization_options())
        tasks.cancel_scope.cancel()


async def _exit_on_signal(server: MemoryServer, *, task_status: TaskStatus[None]) -> None:
    """The thread that reads stdin cannot be stopped in good order, and what is being written is in the journal."""
    with anyio.open_signal_receiver(signal.SIGINT, signal.SIGTERM) as signals:
        task_status.started()
        async for number in signals:
            server.callers.end_sessions()
            os._exit(128 + number)
