"""Feeds: from items to RSS, Atom and JSON Feed."""
