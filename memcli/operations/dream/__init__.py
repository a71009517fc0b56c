"""The parts of `mem dream`; the verbs are in `operations.dream`."""
