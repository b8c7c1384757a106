"""Wire protocols of fiscal printers, each a package with frames, commands and a driver of conversations without I/O."""
