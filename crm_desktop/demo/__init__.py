"""The demo company: an invented Polish trading company, always the same for one seed, made in seconds."""
