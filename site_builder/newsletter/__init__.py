"""The newsletter: from items to issues, and from issues to mail that is sent once."""
