"""`mem status` and `mem doctor`: the state of the store, and what is wrong with the setup."""
