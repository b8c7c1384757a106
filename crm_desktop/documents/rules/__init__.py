"""Pure rules of documents: values in, values and problems out."""
