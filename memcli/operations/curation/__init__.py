"""Jobs for the curator, made from sessions and dreams, and what becomes of the answers."""
