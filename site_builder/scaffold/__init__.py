"""What `site-builder init` and `site-builder new` write: a whole blog from the templates in files/, single posts and pages."""
