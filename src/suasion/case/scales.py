"""Words are numbers, in one place.

The only table from the words of a case to priors. A case may change a word's number under `scales:`
in its `case.yaml`; everything else takes its numbers from here.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

Scale = Mapping[str, float]

SCALES: Mapping[str, Scale] = MappingProxyType(
    {
        # Level of an index, 0 to 1. `none` and `full` stay inside the range of the logit.
        "level": MappingProxyType(
            {
                "none": 0.02,
                "vlow": 0.1,
                "low": 0.2,
                "lowmed": 0.35,
                "med": 0.5,
                "medhigh": 0.65,
                "high": 0.8,
                "vhigh": 0.95,
            }
        ),
        # Shift of the effect's target, in logits or logs, when the cause goes from 0 to 1.
        "strength": MappingProxyType({"slight": 0.5, "moderate": 1.0, "strong": 2.0, "decisive": 4.0}),
        # Chance that a link exists in a draw.
        "modality": MappingProxyType({"will": 0.97, "likely": 0.75, "could": 0.5, "unlikely": 0.15}),
        # Spread: log-sd of a strength or hazard, logit-sd of a level.
        "confidence": MappingProxyType({"high": 0.25, "moderate": 0.4, "low": 0.7}),
        # Time constant in months.
        "settles": MappingProxyType({"fast": 1.0, "moderate": 3.0, "slow": 9.0, "glacial": 24.0}),
        # Monthly noise on the logit or log.
        "restless": MappingProxyType({"none": 0.0, "slight": 0.05, "moderate": 0.1, "strong": 0.2}),
        # Precision of choice over payoffs normalised per actor.
        "rationality": MappingProxyType({"low": 1.0, "moderate": 2.0, "high": 4.0}),
        # Chance in a month that an actor looks again at a lever.
        "reviews": MappingProxyType({"rarely": 0.1, "sometimes": 0.25, "often": 0.5, "always": 1.0}),
        # Chance, at a review in the as-of situation, that the lever is put on a setting other than
        # today's; what DESIGN calls the monthly probability of the lever's status.
        "status": MappingProxyType(
            {"used": 0.1, "available": 0.05, "recommended": 0.05, "refused": 0.02, "spent": 1e-6}
        ),
    }
)


def number(scale: str, word: str, overrides: Mapping[str, Scale] | None = None) -> float | None:
    """The number of `word` on `scale`, or None when the scale has no such word."""
    own = (overrides or {}).get(scale, {})
    return own.get(word, SCALES[scale].get(word))
