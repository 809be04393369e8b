"""Properties are judged by their results and not by the clock: two busy cores may be slow."""

from hypothesis import settings

settings.register_profile("membership", deadline=None)
settings.load_profile("membership")
