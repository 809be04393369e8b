"""site-builder: a static-site generator for programmers who earn from what they know."""

__version__ = "0.1.0"
