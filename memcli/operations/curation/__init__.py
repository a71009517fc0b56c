"""Jobs for a curator or a reviewer (the command in git config, an agent, a person), and what becomes of the answers."""
