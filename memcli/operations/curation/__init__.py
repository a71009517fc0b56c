"""Jobs for external commands, made from sessions and dreams, and what becomes of their answers."""
