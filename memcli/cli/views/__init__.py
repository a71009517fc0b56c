"""What commands print, as text and as JSON, and what they ask at the terminal."""
