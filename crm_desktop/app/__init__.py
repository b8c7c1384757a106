"""The desktop program: founding a database, login, main window, the devices attached to this workstation."""
