"""The shared kernel: money, VAT, identifiers, problems, texts. Pure: it knows no database and no Qt."""
