"""What testing claims came to, told: table, counts by rank and modality, and why claims fail.

Data: `share`, `needed`, `mean`, `error`, `holds`, with `claim`, `modality`, `period`, `variable`, `direction`
(effect); `claims_of_rank`, `holding_of_rank` (rank): claims that are part of each of the weightiest
statements, and how many of them hold; `claims_of_modality`, `holding_of_modality` (kind); `claim_holds`
(claim_id).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

import xarray as xr

from suasion.lenses.finding import Column, Finding, Sentence, Table
from suasion.lenses.words import listed, plural, signed

if TYPE_CHECKING:
    from suasion.case.records import Claim
    from suasion.lenses.claims.verdict import Effect, Verdict

MODALITIES = ("will", "likely", "could", "unlikely")
COLUMNS = (
    Column("claim", "Claim"),
    Column("text", "What it says"),
    Column("modality", "Modality"),
    Column("ranks", "Rank"),
    Column("period", "Period"),
    Column("variable", "Then"),
    Column("direction", "Direction"),
    Column("share", "Draws that show it", "%", 0),
    Column("needed", "Asked for", "%", 0),
    Column("mean", "Mean effect", digits=3),
    Column("error", "±", digits=3),
    Column("verdict", "Verdict"),
)


def told(verdicts: tuple[Verdict, ...]) -> Finding:
    """The finding of the lens."""
    return Finding(
        lens="claims",
        title="Does the model say what its sources say?",
        data=_dataset(verdicts),
        table=_table(verdicts),
        sentences=_sentences(verdicts),
        figure="claims",
        notes=(
            "± is the Monte Carlo error of the mean, over draws that share their luck with the baseline.",
            "For an effect of none, draws below two points show it, and its median counts.",
            "Rank: where the statement that a claim is part of stands among the 25 that weigh most.",
        ),
    )


def _each(verdicts: Sequence[Verdict]) -> list[tuple[Verdict, Effect]]:
    return [(verdict, effect) for verdict in verdicts for effect in verdict.effects]


def _dataset(verdicts: tuple[Verdict, ...]) -> xr.Dataset:
    every = _each(verdicts)

    def column(of: Callable[[Verdict, Effect], Any]) -> tuple[tuple[str], list[Any]]:
        return (("effect",), [of(verdict, effect) for verdict, effect in every])

    ranks = sorted({rank for v in verdicts for rank in v.claim.top25_ranks})
    by_rank = [[v.holds for v in verdicts if rank in v.claim.top25_ranks] for rank in ranks]
    kinds = [m for m in MODALITIES if any(v.claim.modality == m for v in verdicts)]
    by_kind = [[v.holds for v in verdicts if v.claim.modality == m] for m in kinds]
    return xr.Dataset(
        {
            "share": column(lambda _, e: e.share),
            "needed": column(lambda _, e: e.needed),
            "mean": column(lambda _, e: e.mean),
            "error": column(lambda _, e: e.error),
            "holds": column(lambda _, e: e.holds),
            "claim": column(lambda v, _: v.claim.id),
            "modality": column(lambda v, _: v.claim.modality),
            "period": column(lambda _, e: e.period),
            "variable": column(lambda _, e: e.variable),
            "direction": column(lambda _, e: e.direction),
            "claims_of_rank": (("rank",), [len(held) for held in by_rank]),
            "holding_of_rank": (("rank",), [sum(held) for held in by_rank]),
            "claims_of_modality": (("kind",), [len(held) for held in by_kind]),
            "holding_of_modality": (("kind",), [sum(held) for held in by_kind]),
            "claim_holds": (("claim_id",), [v.holds for v in verdicts]),
        },
        coords={"rank": ranks, "kind": kinds, "claim_id": [v.claim.id for v in verdicts]},
    )


def _table(verdicts: tuple[Verdict, ...]) -> Table:
    """One row an effect, in the order of the claims."""
    rows = tuple(
        (
            v.claim.id,
            v.claim.text,
            v.claim.modality,
            ", ".join(map(str, v.claim.top25_ranks)) or None,
            e.period,
            e.variable,
            e.direction,
            e.share,
            e.needed,
            e.mean,
            e.error,
            "holds" if e.holds else "fails",
        )
        for v, e in _each(verdicts)
    )
    return Table(COLUMNS, rows)


def _sentences(verdicts: tuple[Verdict, ...]) -> tuple[Sentence, ...]:
    """How many hold, by modality and rank; then each failure with what carries the effect."""
    said = [Sentence(f"{sum(v.holds for v in verdicts)} of {len(verdicts)} claims hold.")]
    said += [Sentence(text) for text in (_by_modality(verdicts, m) for m in MODALITIES) if text]
    core = [v for v in verdicts if v.claim.core]
    if core:
        held = sum(v.holds for v in core)
        said.append(Sentence(f"Of the {len(core)} on which an argument rests, {held} hold."))
    said += _by_rank(verdicts)
    for v in verdicts:
        said += [Sentence(_failure(v.claim, e), v.claim.because) for e in v.effects if not e.holds]
    return tuple(said)


def _by_modality(verdicts: Sequence[Verdict], modality: str) -> str:
    these = [v for v in verdicts if v.claim.modality == modality]
    return f"{modality}: {sum(v.holds for v in these)} of {len(these)}." if these else ""


def _by_rank(verdicts: Sequence[Verdict]) -> list[Sentence]:
    """How many of the weightiest statements hold with every claim that is part of them."""
    ranks = sorted({rank for v in verdicts for rank in v.claim.top25_ranks})
    if not ranks:
        return []
    broken = {r: [v.claim.id for v in verdicts if r in v.claim.top25_ranks and not v.holds] for r in ranks}
    whole = [r for r in ranks if not broken[r]]
    ten = [r for r in ranks if r <= 10]
    found = f"Of the {plural(len(ranks), 'statement')} that weigh most, {len(whole)} hold in full"
    found += f" (of the first ten, {len([r for r in ten if r in whole])} of {len(ten)})" if ten else ""
    failing = [f"{r} ({listed(broken[r])})" for r in ranks if broken[r]]
    return [Sentence(f"{found}." + (f" Not in full: rank {listed(failing)}." if failing else ""))]


def _failure(claim: Claim, effect: Effect) -> str:
    said = f"{effect.variable} {effect.direction}"
    seen = f"{effect.share:.0%} of draws, mean {signed(effect.mean, 3)} ± {effect.error:.3f}"
    ways = "; ".join(str(path) for path in effect.carried) or "no path leads there"
    return (
        f"{claim.id} fails in {effect.period}: {said} shows in {seen}, "
        f"{claim.modality} asks {effect.needed:.0%}. Carried by: {ways}."
    )
