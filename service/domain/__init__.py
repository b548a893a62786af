"""The rules: pure functions on frozen values. No clock, row, socket or key is touched here."""
