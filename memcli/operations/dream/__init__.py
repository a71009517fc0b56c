"""`mem dream`: its gates, its phases, the session it proposes, and how a dream is reverted."""
