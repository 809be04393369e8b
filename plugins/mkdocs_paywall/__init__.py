"""The MkDocs door to gated content: cuts, seals and places it. What it knows stands in site_builder."""
