"""Amp: no hooks; known by its variable."""

from __future__ import annotations

from memcli.agents.adapter import Adapter


class Amp(Adapter):
    """Its thread is its session."""

    name, agent, title = "amp", "amp", "Amp"
    program = "amp"
    session_variables = ("AMP_CURRENT_THREAD_ID",)


ADAPTER = Amp()
