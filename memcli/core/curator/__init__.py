"""The curator protocol: what a guest (an LLM, an agent, a person) is asked, and what of its answer is taken."""
