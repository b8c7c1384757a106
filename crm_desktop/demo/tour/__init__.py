"""The tour: the real windows, driven by real key and mouse events through the main job, as a person would go."""
