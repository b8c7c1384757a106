"""Pure rules of parties: values in, values and problems out."""
