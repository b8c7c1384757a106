"""The window of the messages: the list, what is read, what is written."""
