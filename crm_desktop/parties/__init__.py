"""Customers, suppliers and persons: who they are and where they live. It refuses to know what they bought."""
