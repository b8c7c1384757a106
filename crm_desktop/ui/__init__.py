"""The Qt kit: theme, cells, fields, forms, docks, and the two verbs that work off the GUI thread. Knows no business."""
