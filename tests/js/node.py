"""Giving Node a script of ours and something to say to it."""

import json
import os
import subprocess
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]
NODE = Path(os.environ.get("BREAKGLASS_NODE", ROOT / ".venv" / "bin" / "node"))


def told(script: Path, given: Any, seconds: int = 120) -> Any:
    """What the script makes of this: JSON in, JSON out. It fails with what the script complains."""
    done = subprocess.run(
        [NODE, script],
        input=json.dumps(given),
        capture_output=True,
        text=True,
        timeout=seconds,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)
