"""Windows of organisation."""
