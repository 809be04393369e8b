"""The dashboard: what readers do, for people who would rather look than read. ``app.dashboard`` is what a server mounts."""
