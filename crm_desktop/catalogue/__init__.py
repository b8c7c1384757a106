"""Goods and services, their units, packages, bar codes, VAT rates and own prices. It refuses to count stock."""
