"""Invoices and receipts: draft, issue, print. It refuses to change what was issued."""
