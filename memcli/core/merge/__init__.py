"""Three-way merge of memories: by front matter key, and by block of the body."""
