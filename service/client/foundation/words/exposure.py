"""What it costs that a request ends without a release, once shares were handed over."""

_HELD = (
    "No one is handed the password, but anyone who has the requests' keys and what the service "
    "stored can open it: a sealer must then change it at AWS and seal the new one."
)


def cost_of_ending(*, alone: bool) -> str:
    """Say it where enough of both groups approved: this request ``alone``, or with earlier ones."""
    if alone:
        return (
            "Enough of both groups have approved this request. If it ends without a release, taken "
            f"back, denied or expired, the password counts as exposed. {_HELD}"
        )
    return (
        "With the requests on this password that ended before, as the service lists them, enough "
        "of both groups have approved. If this one ends without a release too, the password counts "
        f"as exposed. {_HELD}"
    )
