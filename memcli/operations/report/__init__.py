"""`mem report`: the whole store as one value: its memories with their history, who learned what, what is open."""
