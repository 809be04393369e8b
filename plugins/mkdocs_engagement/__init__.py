"""The MkDocs door to engagement: hooks on pages, and the manifest of what they are about. It knows nothing itself."""
