"""The door between MkDocs and the room ``site_builder.demos``."""
