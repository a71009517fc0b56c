"""The checks of the gate: `check_registry` lists them, `runner` runs them; each is a function in its row's module."""
