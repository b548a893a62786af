"""Every row of the checklist that docs/requirements.md must have."""

_SECTIONS = {
    "A": 11,
    "B": 7,
    "C": 6,
    "D": 9,
    "E": 4,
    "F": 3,
    "G": 4,
    "H": 8,
    "I": 6,
    "J": 12,
    "K": 19,
    "L": 21,
    "X": 9,
}
ROWS = tuple(f"{section}{row}" for section, rows in _SECTIONS.items() for row in range(1, rows + 1))

# Where a row that is not there yet will be.
PARTS = ("posture and CloudTrail", "recovery channels")
