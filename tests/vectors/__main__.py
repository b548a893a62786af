"""``python -m tests.vectors``: see ``generate``."""

import sys

from tests.vectors.generate import main

sys.exit(main())
