"""The sales desk of a Polish trading company: a Qt client that talks directly to one shared PostgreSQL."""

__version__ = "0.1.0"
