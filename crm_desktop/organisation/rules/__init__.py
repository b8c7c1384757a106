"""Pure rules of organisation: values in, values and problems out."""
