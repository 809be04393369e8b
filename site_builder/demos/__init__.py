"""Code that readers can run: its fences, its output as of the build, and what the browser needs to run it."""
