"""Keys, sealing, keyrings, lockboxes, encrypted assets and the leak audit. The format is that of docs/format.md."""
