"""Windows of catalogue."""
