from __future__ import annotations
from memcli.repo.code import Code


class Ground:
    def __init__(self, workspace, commit):
        self.code = Code(workspace.odb, commit)

    def gone(self, sources):
        return {}

    def remember(self):
        pass


def refresh_ground(draft, sources, ground, at):
    pass
