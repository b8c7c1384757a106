"""Windows of parties."""
