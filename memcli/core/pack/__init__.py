"""Context packs: what goes in, in which order, within which budget, and how it is framed."""
