"""What people have who keep papers: pages, and the words on them."""

import os
import re
from collections.abc import Iterable
from pathlib import Path

from tests.cast import ACCOUNT
from tests.client.devices import Device

SAID = ("--name", "Rob", "--place", "the vault", "--reason", "all keys are gone")


def printed(device: Device, *options: str) -> str:
    """The page that a custodian prints, through a descriptor."""
    out, into = os.pipe()
    device.do("paper", ACCOUNT, "--out-fd", str(into), *options)
    os.close(into)
    with os.fdopen(out) as file:
        return file.read()


def words_of(page: str) -> list[str]:
    """The 33 words of a page, in their order."""
    rows = re.findall(r"^ ?(?:\d+ [a-z]+ *)+$", page, re.MULTILINE)
    return re.findall(r"[a-z]+", " ".join(rows))


def saved(folder: Path, pages: Iterable[str]) -> list[str]:
    """Options that name each page in a file of its own."""
    options = []
    for number, page in enumerate(pages):
        path = folder / f"paper{number}.txt"
        path.write_text(page)
        options += ["--paper", str(path)]
    return options
