"""Background work: one table, a few functions, a thread that works."""
