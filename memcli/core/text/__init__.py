"""Text without memories: words and claims of prose, markdown's structure, and edits of texts that users own."""
