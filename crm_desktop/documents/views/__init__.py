"""Windows of documents."""
