"""What others' programs say of what this project writes: ``make conformance``."""
