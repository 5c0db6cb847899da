"""
Figures of power, each of its own kind: a connection, a contract, a load, a nameplate and an energy are never added or compared.

A conversion is a method that names what it rests on.
"""

from dataclasses import dataclass
from typing import ClassVar, Self


@dataclass(frozen=True)
class Figure:
    """An amount with bounds, low <= value <= high, in the unit of its kind."""

    value: float
    low: float
    high: float

    unit: ClassVar[str] = ""

    @classmethod
    def exactly(cls, value: float) -> Self:
        """A figure without bounds of its own."""
        return cls(value, value, value)

    def __add__(self, other: Self) -> Self:
        self._same(other)
        return type(self)(self.value + other.value, self.low + other.low, self.high + other.high)

    def __lt__(self, other: Self) -> bool:
        self._same(other)
        return self.value < other.value

    def _same(self, other: "Figure") -> None:
        if type(self) is not type(other):
            raise TypeError(
                f"{type(self).__name__} and {type(other).__name__} are different figures: convert one first"
            )


class Nameplate(Figure):
    """What a generator can give at the most."""

    unit = "MW"

    def annual(self, capacity_factor: tuple[float, float, float]) -> "AnnualEnergy":
        """Energy of a year at a capacity factor (low, middle, high)."""
        low, middle, high = capacity_factor
        return AnnualEnergy(
            *(mw * cf * HOURS_GWH for mw, cf in ((self.value, middle), (self.low, low), (self.high, high)))
        )


class CriticalIt(Figure):
    """Load of the servers alone."""

    unit = "MW IT"

    def gross(self, pue: tuple[float, float, float]) -> "GrossLoad":
        """Load of the whole site at a PUE (low, middle, high)."""
        low, middle, high = pue
        return GrossLoad(self.value * middle, self.low * low, self.high * high)


class GrossLoad(Figure):
    """Peak of the whole site."""

    unit = "MW load"

    def connection(self) -> "Connection":
        """A connection that carries the peak."""
        return Connection(self.value, self.low, self.high)


class Connection(Figure):
    """What the grid must be able to deliver at one place."""

    unit = "MW grid"

    def contract(self) -> "Contract":
        """A contract for the whole connection."""
        return Contract(self.value * 1000, self.low * 1000, self.high * 1000)

    def annual(self, load_factor: tuple[float, float, float]) -> "AnnualEnergy":
        """Energy of a year at a load factor (low, middle, high)."""
        low, middle, high = load_factor
        return AnnualEnergy(
            *(mw * share * HOURS_GWH for mw, share in ((self.value, middle), (self.low, low), (self.high, high)))
        )

    def critical_it(self, pue: tuple[float, float, float]) -> CriticalIt:
        """Servers that the connection can feed at a PUE (low, middle, high)."""
        low, middle, high = pue
        return CriticalIt(self.value / middle, self.low / high, self.high / low)


class Contract(Figure):
    """Contract power, on which the base charge is paid."""

    unit = "kW"


class AnnualEnergy(Figure):
    """Energy of a year."""

    unit = "GWh/yr"


HOURS_GWH = 8_760 / 1000
"""GWh of a year per MW."""
