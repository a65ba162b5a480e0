"""Rates: what does the record of a monthly count say of its level, season and volatility?

A structural model of counts (Harvey 1989, with the negative binomial of the kernel):

    y_t ~ NegativeBinomial(mean = exp(l_t + s_month(t)), k)        variance = mean + mean² / k
    l_t = l_{t-1} + trend + volatility · η_t,   η_t ~ Student t with 4 degrees of freedom
    Σ s = 0 over the twelve calendar months

The level wanders and now and then jumps. What the record of one conflict cannot tell is how regimes end:
forecasts take that from other wars (`regimes`). Months without a value are passed over, never taken for
nought. Nothing later than `upto` is looked at. Where a series is nought for years no season can be told.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np
from jaxtyping import Float, Int
from scipy.linalg import eigh

from suasion.base.errors import SuasionError
from suasion.data.months import Month, after, number
from suasion.learn.regimes import WORLD, Breaks
from suasion.runs import machine

WINDOW = 120
"""Months of history that a fit looks back on: wars of longer ago were other wars."""
LEAST = 12
"""Months with a value without which nothing is fitted."""
TAIL = 4.0
"""Degrees of freedom of the level's shocks."""
MOST_LOG = 14.0
"""The log of the highest mean that a forecast draws counts from (about 1.2 million a month)."""
CHAINS, WARM_UP, KEPT = 2, 400, 600
USUAL_DISPERSION = 8.0
"""What the sampler's coordinates suppose; what it finds does not depend on it."""


@dataclass(frozen=True)
class Fit:
    """Draws from the posterior of a rate as it stood in one month."""

    upto: Month
    """The last month that the fit knows of."""
    months: tuple[Month, ...]
    """The months looked back on, oldest first."""
    counts: Float[np.ndarray, "month"]
    """The record in them; not-a-number where there is none."""
    path: Float[np.ndarray, "draw month"]
    """Log level in each of them, season taken out."""
    trend: Float[np.ndarray, "draw"]
    """Growth of the level in logs a month."""
    season: Float[np.ndarray, "draw 12"]
    """What the calendar adds to the log, January first; it adds up to nought."""
    volatility: Float[np.ndarray, "draw"]
    """Scale of the level's monthly shocks, in logs."""
    dispersion: Float[np.ndarray, "draw"]
    """k: the smaller, the more counts scatter around their mean."""
    r_hat: float
    """Largest Gelman-Rubin statistic of what is drawn; above 1.1 the chains do not agree."""
    divergences: int
    """Steps at which the sampler failed."""

    @property
    def shocks(self) -> Float[np.ndarray, "draw"]:
        """Standard deviation of the level's monthly shocks, in logs: what a case calls `restless`."""
        return np.asarray(self.volatility * np.sqrt(TAIL / (TAIL - 2)))

    @property
    def sound(self) -> bool:
        """Whether the sampler's own checks pass."""
        return self.r_hat < 1.1 and self.divergences <= 0.02 * len(self.trend)


def fit(counts: Mapping[Month, float], upto: Month | None = None, seed: int = 1) -> Fit:
    """Level, trend, season, volatility and dispersion of monthly counts, as known in the month `upto`.

    `counts` maps months (`2021-06`) to counts; a month left out is unknown. Later ones than `upto` are not
    used; left out, it is the last month there is. Raises SuasionError (K160, K161, K162, K163).
    """
    known = {m: float(v) for m, v in counts.items() if (upto is None or m <= upto) and np.isfinite(v)}
    _check(known, upto)
    last = upto or max(known)
    months = tuple(after(last, back) for back in range(1 - WINDOW, 1))
    record = np.array([known.get(month, np.nan) for month in months])
    if np.isfinite(record).sum() < LEAST:
        raise SuasionError(
            "K160", f"fewer than {LEAST} months with a value up to {last}", "fit a longer series"
        )
    draws, r_hat, divergences = _sample(record, np.array([number(m) % 12 for m in months]), seed)
    return Fit(last, months, record, **draws, r_hat=r_hat, divergences=divergences)


def forecast(
    fitted: Fit, months: int, draws: int, seed: int = 1, breaks: Breaks | None = WORLD
) -> Int[np.ndarray, "month draw"]:
    """Counts in the months after a fit's last, each draw with parameters from the posterior.

    The spread holds what is not known of the parameters, the level's own shocks, the scatter of counts and
    breaks of the regime as often as other wars have had them; None leaves those out.
    """
    luck = np.random.default_rng([seed, number(fitted.upto)])
    take = luck.integers(len(fitted.trend), size=draws)
    shocks = luck.standard_t(TAIL, size=(months, draws)) * fitted.volatility[take]
    ahead = np.arange(1, months + 1)
    if breaks:
        shocks = shocks + breaks.shifts(months, draws, luck)
    level = fitted.path[take, -1] + np.cumsum(shocks, axis=0) + ahead[:, None] * fitted.trend[take]
    calendar = (number(fitted.upto) + ahead) % 12
    mean = np.exp(np.minimum(level + fitted.season[take][:, calendar].T, MOST_LOG))
    k = np.maximum(fitted.dispersion[take], 1e-3)
    drawn: np.ndarray = luck.poisson(mean * luck.gamma(k, size=(months, draws)) / k)
    return drawn


def _check(known: Mapping[Month, float], upto: Month | None) -> None:
    """Refuse what is no count."""
    odd = next((m for m, v in sorted(known.items()) if v < 0 or v != round(v)), None)
    if odd:
        raise SuasionError(
            "K161", f"{known[odd]:g} in {odd} is no count", "give whole numbers from 0 up, one a month"
        )
    if not known:
        when = f" up to {upto}" if upto else ""
        raise SuasionError("K160", f"no month with a value{when}", "name a later month, or a longer series")
    if not any(known.values()):
        raise SuasionError("K162", "nothing ever happens in this series", "there is no rate to fit")


def _log_mass(count: Any, mean: Any, k: Any) -> Any:
    """Log of the negative binomial's mass, up to what only the count decides.

    NumPyro's own goes through a beta function and takes ten times as long to differentiate.
    """
    import jax.numpy as jnp
    from jax.scipy.special import gammaln

    both = jnp.log(k + mean)
    return gammaln(count + k) - gammaln(k) + k * (jnp.log(k) - both) + count * (jnp.log(mean) - both)


def _sample(record: np.ndarray, calendar: np.ndarray, seed: int) -> tuple[dict[str, np.ndarray], float, int]:
    """Draws by the No-U-Turn sampler, and how well it went."""
    import jax
    import jax.numpy as jnp

    sampler = _sampler()
    from numpyro.diagnostics import split_gelman_rubin

    there = np.isfinite(record)
    by = _coordinates(record)
    numbers = (np.where(there, record, 0.0), by.basis, by.rough, by.pull, by.middle)
    single = [jnp.asarray(each, jnp.float32) for each in numbers]
    sampler.run(jax.random.PRNGKey(seed), *single, jnp.asarray(there), jnp.asarray(calendar))
    chains = {name: np.asarray(v) for name, v in sampler.get_samples(group_by_chain=True).items()}
    checked = ("trend", "volatility", "dispersion", "path")
    r_hat = max(float(np.max(split_gelman_rubin(chains[name]))) for name in checked)
    divergences = int(np.asarray(sampler.get_extra_fields()["diverging"]).sum())
    names = ("path", "trend", "season", "volatility", "dispersion")
    draws = {name: chains[name].reshape(-1, *chains[name].shape[2:]).astype(np.float64) for name in names}
    return draws, r_hat, divergences


@dataclass(frozen=True)
class Coordinates:
    """A basis in which the path, given the volatility, is a nearly round cloud for the sampler.

    If logs of counts were normal, with precision w, the path would have precision W + DᵀD / volatility² (D
    takes differences). In the basis V that makes W one and DᵀD diagonal it falls apart into numbers with
    variance 1 / (1 + rough / volatility²). Counts are not normal, so that these are coordinates and no more.
    """

    basis: np.ndarray
    """V, month by coordinate."""
    rough: np.ndarray
    """What differences make of each coordinate."""
    pull: np.ndarray
    """The logs of the counts, in the basis."""
    middle: float
    """Their middle, which the path is measured from."""


def _coordinates(record: np.ndarray) -> Coordinates:
    """The basis for a record; months without a value weigh next to nothing."""
    there = np.isfinite(record)
    counts = np.where(there, record, 0.0)
    floor = np.maximum(counts, 0.5)
    weight = np.where(there, floor * USUAL_DISPERSION / (floor + USUAL_DISPERSION), 1e-3)
    steps = np.diff(np.eye(len(record)), axis=0)
    rough, basis = eigh(steps.T @ steps, np.diag(weight))
    middle = float(np.log(counts[there].mean() + 0.5))
    heard = np.where(there, np.log(counts + 0.5) - middle, 0.0)
    return Coordinates(basis, np.maximum(rough, 0.0), basis.T @ (weight * heard), middle)


@cache
def _sampler() -> Any:
    """The model and its sampler, compiled once a process."""
    machine.start()
    try:
        import numpyro
        from numpyro.infer import MCMC, NUTS, init_to_median
    except ImportError:
        raise SuasionError("K163", "rates are fitted with NumPyro", "pip install 'suasion[fit]'") from None
    import jax
    import jax.numpy as jnp
    import numpyro.distributions as dist

    def model(*data: jax.Array) -> None:
        y, basis, rough, pull, middle, there, month = data
        trend = numpyro.sample("trend", dist.Normal(0.0, 0.02))
        volatility = numpyro.sample("volatility", dist.LogNormal(np.log(0.12), 0.7))
        scatter = numpyro.sample("scatter", dist.HalfNormal(0.6))
        swing = numpyro.sample("swing", dist.HalfNormal(0.3))
        with numpyro.plate("calendar", 12):
            raw = numpyro.sample("raw", dist.Normal(0.0, 1.0))
        white = numpyro.sample("white", dist.ImproperUniform(dist.constraints.real, (), y.shape))
        season = numpyro.deterministic("season", swing * (raw - raw.mean()))
        tight = 1.0 + rough / (volatility**2 + 1e-6)
        path = numpyro.deterministic("path", middle + basis @ (pull / tight + white / jnp.sqrt(tight)))
        dispersion = numpyro.deterministic("dispersion", 1.0 / (scatter**2 + 1e-4))
        numpyro.factor("coordinates", -0.5 * jnp.log(tight).sum())
        numpyro.factor("first", dist.Normal(middle, 2.0).log_prob(path[0]))
        numpyro.factor("shocks", dist.StudentT(TAIL, trend, volatility).log_prob(jnp.diff(path)).sum())
        mean = jnp.exp(jnp.minimum(path + season[month], MOST_LOG))
        numpyro.factor("counts", jnp.where(there, _log_mass(y, mean, dispersion), 0.0).sum())

    return MCMC(
        NUTS(model, init_strategy=init_to_median(), target_accept_prob=0.9, max_tree_depth=8),
        num_warmup=WARM_UP,
        num_samples=KEPT,
        num_chains=CHAINS,
        chain_method="vectorized",
        jit_model_args=True,
        progress_bar=False,
    )
