"""The MkDocs door to the newsletter: its options, and the page of past issues. What it knows stands in site_builder."""
