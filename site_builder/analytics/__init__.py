"""What readers do: collected, kept, asked about and brought back to the writer. Knows nothing of MkDocs."""
