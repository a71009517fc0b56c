"""`mem dream`: finds what changed in the store, proposes a consolidation of it as a session, and takes dreams back."""
