"""Keys, sealing, keyrings, lockboxes, encrypted assets and the leak audit. The format is written down in docs/format.md."""
