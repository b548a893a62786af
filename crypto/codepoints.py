"""Code points that people cannot see or tell apart: closed lists, those of Unicode 17.0.

Written out here and printed in docs/protocol.md, and never asked of the runtime: the tables of
Python and of browsers differ by version, and what one client refuses no other may accept.
"""

import re

# Default_Ignorable_Code_Point: drawn as nothing. Joiners and variation selectors are among them.
_IGNORABLE = (
    r"\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e"
    r"\u2060-\u206f\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufff8\U0001bca0-\U0001bca3"
    r"\U0001d173-\U0001d17a\U000e0000-\U000e0fff"
)
# Format (Cf) beyond those
_FORMAT = (
    r"\u0600-\u0605\u06dd\u070f\u0890\u0891\u08e2\ufff9-\ufffb\U000110bd\U000110cd"
    r"\U00013430-\U0001343f"
)
# White_Space but U+0020
_SPACE = r"\t-\r\u0085\u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000"

IGNORABLE = re.compile(f"[{_IGNORABLE}]")
REFUSED_IN_NAMES = re.compile(rf"[\x7f{_IGNORABLE}{_FORMAT}{_SPACE}]")
