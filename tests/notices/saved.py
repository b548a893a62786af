"""What a saved message holds, read as a witness reads it who knows only the two lines around."""

import re

from service.domain.notices import CHECKPOINT_BEGIN, CHECKPOINT_END

_BLOCK = re.compile(f"^{CHECKPOINT_BEGIN}\n(.*?)^{CHECKPOINT_END}$", re.DOTALL | re.MULTILINE)


def checkpoints_in(text: str) -> list[str]:
    """The checkpoints, as notes, in their order. Nothing is verified."""
    return _BLOCK.findall(text.replace("\r\n", "\n"))
