"""Pages for people: views that read through use cases, and templates that show it in words."""
