"""A memory as text and as a value: document, front matter, identity, instants, anchors, timelines."""
