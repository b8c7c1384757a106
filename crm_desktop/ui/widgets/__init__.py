"""Parts that windows are built from: bars, panels, states, dialogs. Import the module that has the part."""
