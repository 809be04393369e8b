"""The MkDocs door to feeds: has them written, and tells readers of them. What it knows stands in site_builder."""
