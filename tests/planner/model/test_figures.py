"""Figures of power: never added or compared across kinds, converted by name."""

import pytest

from planner.model.figures import AnnualEnergy, Connection, Contract, CriticalIt, GrossLoad, Nameplate

KINDS = (AnnualEnergy, Connection, Contract, CriticalIt, GrossLoad, Nameplate)


@pytest.mark.parametrize("one", KINDS)
@pytest.mark.parametrize("other", KINDS)
def test_only_figures_of_one_kind_are_added_and_compared(one, other):
    a, b = one.exactly(1.0), other.exactly(2.0)
    if one is other:
        assert (a + b).value == 3.0
        assert a < b
        return
    with pytest.raises(TypeError, match="different figures"):
        a + b
    with pytest.raises(TypeError, match="different figures"):
        assert a < b


def test_conversions_by_hand():
    load = CriticalIt.exactly(100).gross((1.2, 1.4, 1.8))
    assert (load.low, load.value, load.high) == (120.0, 140.0, 180.0)
    assert load.connection().contract().value == 140_000
    energy = Connection.exactly(100).annual((0.5, 0.8, 1.0))
    assert (energy.low, energy.value, energy.high) == pytest.approx((438, 700.8, 876))
    assert Nameplate.exactly(1000).annual((0.1, 0.15, 0.2)).value == pytest.approx(1314)
    assert Connection.exactly(140).critical_it((1.2, 1.4, 1.8)).value == pytest.approx(100)


def test_every_kind_has_a_unit_of_its_own():
    assert len({kind.unit for kind in KINDS}) == len(KINDS)
