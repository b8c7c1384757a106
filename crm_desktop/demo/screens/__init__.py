"""A picture of every window, Polish and English, light and dark (`make screens`), and what a machine can say about each."""
