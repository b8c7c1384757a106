"""Pure rules of catalogue: values in, values and problems out."""
