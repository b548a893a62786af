"""What is due by the calendar alone, although no one has done anything."""

from datetime import timedelta

# AWS asks for a test of the root user's access each quarter (Organizations, best practices for the
# management account). A drill is that test.
DRILL_EVERY = timedelta(days=90)
