"""The browser's modules, run by Node against the real thing."""
