"""`mem review`, `check`, `promote` and `reject`: the gate between a session and the store."""
