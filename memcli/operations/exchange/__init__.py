"""`mem export` and `mem import`: memories out of the store as files, and back into it as candidates."""
