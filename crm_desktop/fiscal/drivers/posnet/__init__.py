"""The POSNET protocol (specification POT-I-DEV-37): frames, commands, the driver, and an emulated printer."""
