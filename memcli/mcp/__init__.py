"""`mem mcp`: the store as a server of the Model Context Protocol, for agents of any harness.

Each request opens the store anew, so what others change shows at once. Nothing here approves anything: there is no tool
to promote, resolve or undo, and whoever calls is an agent.
"""
