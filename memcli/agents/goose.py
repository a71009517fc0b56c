"""Goose: no hooks; known by its variable."""

from __future__ import annotations

from memcli.agents.adapter import Adapter


class Goose(Adapter):
    """It tells no session id."""

    name, agent, title = "goose", "goose", "Goose"
    program = "goose"


ADAPTER = Goose()
