"""What it costs that requests end without a release, once shares were handed over."""

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


def cost_of_roster(ending: int, *, exposed: bool) -> str:
    """Say that a new roster ends so many open requests, and whether that exposes a password."""
    what = "one request that is" if ending == 1 else f"{ending} requests that are"
    ends = "ends" if ending == 1 else "end"
    said = (
        f"If this roster comes into force now, {what} open, as the service lists them, {ends} "
        "without a release."
    )
    if not exposed:
        return said
    return (
        f"{said} Enough of both groups have handed over their shares for that, so the password "
        f"counts as exposed. {_HELD}"
    )
