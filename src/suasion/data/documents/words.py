"""How a passage is known again without keeping it: a fingerprint of its letters, and a sketch.

Only letters and digits count, in lower case and run together: quotation marks, spaces, hyphens at a
line's end and ligatures differ between the text, HTML and PDF of one document.
"""

from __future__ import annotations

import unicodedata
from hashlib import blake2b, sha256

DIGITS = 12
"""Digits of a fingerprint: two of a million passages agree by chance once in 500 tries."""
SHINGLE = 8
"""Letters that a sketch looks at together."""
BINS = 64
"""Bins of a sketch; two bits of each are kept, so a sketch has 32 digits and gives no word away."""
ALIKE = 0.35
"""Likeness from which a passage counts as a changed form of another; strangers stay below 0.3."""
_BY_CHANCE = 0.25


def letters(text: str) -> str:
    """Letters and digits of a text, in lower case, compatibility forms resolved."""
    return "".join(filter(str.isalnum, unicodedata.normalize("NFKC", text).casefold()))


def fingerprint(text: str) -> str:
    """The first 12 digits of the SHA-256 of a passage's letters."""
    return sha256(letters(text).encode()).hexdigest()[:DIGITS]


def sketch(text: str) -> str:
    """A min-wise sketch of a passage's runs of eight letters, as 32 hexadecimal digits.

    One hash spreads the runs over 64 bins; each bin keeps two bits of its smallest. An empty bin
    takes those of the next one. Source: Li, Owen and Zhang 2012 (one permutation), Shrivastava and
    Li 2014 (empty bins), Li and König 2010 (few bits).
    """
    least: list[int | None] = [None] * BINS
    run = letters(text)
    for start in range(max(1, len(run) - SHINGLE + 1)):
        digest = blake2b(run[start : start + SHINGLE].encode(), digest_size=8).digest()
        value = int.from_bytes(digest[1:])
        place = digest[0] % BINS
        here = least[place]
        least[place] = value if here is None else min(here, value)
    total = 0
    for place in range(BINS):
        value = next(v for step in range(BINS) if (v := least[(place + step) % BINS]) is not None)
        total = total << 2 | value & 3
    return f"{total:0{BINS // 2}x}"


def likeness(one: str, other: str) -> float:
    """Share of the runs of letters that two passages have in common, as their sketches tell it.

    Jaccard index, 0 to 1, estimated with a standard error of at most 0.08.
    """
    differing = int(one, 16) ^ int(other, 16)
    pairs = (differing | differing >> 1) & int("5" * (BINS // 2), 16)
    same = 1 - pairs.bit_count() / BINS
    return max(0.0, (same - _BY_CHANCE) / (1 - _BY_CHANCE))
