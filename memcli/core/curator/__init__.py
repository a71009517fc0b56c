"""The curator protocol: the job that a curator (an LLM, an agent, a person) is given, and the check of its answer."""
