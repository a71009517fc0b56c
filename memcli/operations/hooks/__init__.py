"""`mem hooks`: what is written for harnesses and git, and how it is taken out again."""
