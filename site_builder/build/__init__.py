"""Running MkDocs: one build at a time, beside the published site, swapped in when it is whole."""
