"""Load against clean output, hour by hour, for many sites at once: arrays in MW over the 8,760 hours of a year."""

from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np

from geodata.base import FloatArray

HOURS = 8_760
_AT_ONCE = 96
_THREADS = 4
_PARTS, _ROUNDS, _REACHED = 24, 7, 1e-9
_MOST_SCALE = 1_000.0


@dataclass(frozen=True)
class Storage:
    """A store of energy: `power_mw` in and out, `energy_mwh` held, lossy both ways so that a round trip keeps `efficiency`."""

    power_mw: float = 0.0
    energy_mwh: float = 0.0
    efficiency: float = 1.0


@dataclass(frozen=True)
class Balance:
    """
    Hourly balance of n sites (n, h), MW: generation = direct + stored + curtailed, and load = direct + drawn + residual.

    `held_mwh` is what the store holds at the end of each hour; it starts empty.
    """

    direct: FloatArray
    stored: FloatArray
    drawn: FloatArray
    curtailed: FloatArray
    residual: FloatArray
    held_mwh: FloatArray

    @property
    def matched(self) -> FloatArray:
        """Share of the load that clean output meets in its own hour, directly or out of the store (n)."""
        met = (self.direct + self.drawn).sum(axis=1)
        load = met + self.residual.sum(axis=1)
        return np.asarray(np.divide(met, load, out=np.full(len(load), np.nan), where=load > 0))


def balance(generation: FloatArray, load: FloatArray, storage: Storage = Storage()) -> Balance:
    """
    Meet a load from clean output, hour by hour; a store takes what is left over and gives what is missing, as soon as it can.

    Parameters
    ----------
    generation
        (n, h) MW.
    load
        (h) or (n, h) MW.
    storage
        The same at every site. Giving and taking as early as possible meets the most load that any use of one store can.

    Returns
    -------
    balance
        (n, h) each.
    """
    load = np.broadcast_to(load, generation.shape)
    direct = np.minimum(generation, load)
    surplus, deficit = generation - direct, load - direct
    stored, drawn, held = np.zeros_like(direct), np.zeros_like(direct), np.zeros_like(direct)
    if storage.energy_mwh > 0 and storage.power_mw > 0:
        way = np.sqrt(storage.efficiency)
        level = np.zeros(len(direct))
        for hour in range(direct.shape[1]):
            stored[:, hour] = np.minimum(
                np.minimum(surplus[:, hour], storage.power_mw), (storage.energy_mwh - level) / way
            )
            level += stored[:, hour] * way
            drawn[:, hour] = np.minimum(np.minimum(deficit[:, hour], storage.power_mw), level * way)
            level -= drawn[:, hour] / way
            held[:, hour] = level
    return Balance(direct, stored, drawn, surplus - stored, deficit - drawn, held)


def matched_share(capacity_mw: FloatArray, shapes: FloatArray, load: FloatArray) -> FloatArray:
    """
    Share of a load met hour by hour by plants at many sites, without storage.

    Parameters
    ----------
    capacity_mw
        (n, t) MW by technology, times its capacity factor: the mean output.
    shapes
        (t, h) output as multiples of its mean.
    load
        (h) MW.

    Returns
    -------
    share
        (n), 0 to 1; NaN where a capacity is. Where output never exceeds the load, its energy is the answer, and where it always
        does, 1; the rest is summed hour by hour.
    """
    total = load.sum()
    energy = capacity_mw @ shapes.sum(axis=1)
    share = np.asarray(energy / total)
    always = capacity_mw @ shapes.min(axis=1) >= load.max()
    clipped = np.flatnonzero((capacity_mw @ shapes.max(axis=1) > load.min()) & ~always)
    share[always] = 1.0
    narrow = np.ascontiguousarray(shapes, dtype=np.float32)
    limit = load.astype(np.float32)

    def met(rows: np.ndarray) -> FloatArray:
        output = capacity_mw[rows].astype(np.float32) @ narrow
        return np.asarray(np.minimum(output, limit, out=output).sum(axis=1, dtype=np.float64))

    parts = [clipped[start : start + _AT_ONCE] for start in range(0, len(clipped), _AT_ONCE)]
    with ThreadPoolExecutor(_THREADS) as threads:
        for rows, found in zip(parts, threads.map(met, parts), strict=True):
            share[rows] = found / total
    return np.asarray(np.minimum(share, 1.0))


def scales_for(
    targets: Sequence[float], generation: FloatArray, load: FloatArray, storage: Storage = Storage()
) -> FloatArray:
    """
    How many times a mix must be built so that a share of the load is matched hour by hour, for several shares at once.

    Parameters
    ----------
    targets
        t shares, 0 to 1.
    generation, load
        (h) MW.
    storage
        Beside the mix, at its own size whatever the scale.

    Returns
    -------
    scales
        (t), to within a millionth of the thousand times that are tried; inf where these do not reach the share (hours
        without any output need a store).
    """
    # The share grows with the scale, so each target's range is cut into parts that one batch of balances holds, and again
    # inside the part that reaches it.
    wanted, steps = np.asarray(targets)[:, None] - _REACHED, np.linspace(0, 1, _PARTS + 1)
    low, high = np.zeros(len(wanted)), np.full(len(wanted), _MOST_SCALE)
    for _ in range(_ROUNDS):
        scales = low[:, None] + (high - low)[:, None] * steps
        shares = balance(scales.reshape(-1, 1) * generation, load, storage).matched.reshape(scales.shape)
        reached = shares >= wanted
        first = np.where(reached.any(axis=1), reached.argmax(axis=1), _PARTS)
        high = np.take_along_axis(scales, first[:, None], axis=1)[:, 0]
        low = np.take_along_axis(scales, np.maximum(first - 1, 0)[:, None], axis=1)[:, 0]
    most = balance(np.full((1, 1), _MOST_SCALE) * generation, load, storage).matched[0]
    return np.where(most >= wanted[:, 0], high, np.inf)


def by_month_and_clock(values: FloatArray, month: FloatArray) -> FloatArray:
    """Means of an hourly series by month and hour of the day (12, 24), January first."""
    clock = np.arange(len(values)) % 24
    total, count = np.zeros((12, 24)), np.zeros((12, 24))
    np.add.at(total, (month.astype(int) - 1, clock), values)
    np.add.at(count, (month.astype(int) - 1, clock), 1)
    return np.asarray(total / count)


def load_shape(kind: str) -> FloatArray:
    """Load as multiples of its mean (8760): `flat` for a data centre, `two_shift` for a factory that rests at night and on Sundays."""
    return np.fromiter(_hours_of(kind), dtype=float, count=HOURS)


def _hours_of(kind: str) -> Iterator[float]:
    if kind == "flat":
        yield from np.ones(HOURS)
        return
    hour = np.arange(HOURS)
    day, clock = hour // 24, hour % 24
    works = (clock >= _FIRST_SHIFT) & (clock < _LAST_SHIFT) & ((day + _WEEKDAY_OF_START) % 7 != _SUNDAY)
    level = np.where(works, 1.0, _AT_REST)
    yield from level / level.mean()


LOADS = ("flat", "two_shift")
_FIRST_SHIFT, _LAST_SHIFT, _AT_REST = 6, 22, 0.3
_WEEKDAY_OF_START, _SUNDAY = 0, 6
"""1 April 2024, the first hour of the year, was a Monday."""
