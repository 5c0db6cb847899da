"""People in squares, minutes between squares, later years and schools, of the made-up country."""

import gzip

import numpy as np
import pytest
import tiny_country

from geodata import Store
from geodata.country.mesh import GRIDS
from geodata.errors import FormatError
from geodata.sources.commuting import INSIDE_MIN, LONGEST_MIN, PAIR, RESIDENTS, WORKERS, square_of

LAYERS = ["workforce_squares", "commuting_minutes", "workforce_projection", "technical_schools"]


@pytest.fixture(scope="module")
def store(tmp_path_factory):
    folder = tmp_path_factory.mktemp("commuting")
    built = Store(folder / "data", specs=tiny_country.build(folder / "mirror"))
    outcomes = built.pull(LAYERS, mirror=folder / "mirror")
    assert all(one.outcome == "built" for one in outcomes)
    return built


def test_every_cell_of_a_square_has_its_code_and_a_square_has_25_cells():
    grid = GRIDS["1km"]
    rows, cols = (part.ravel() for part in np.meshgrid(np.arange(4320, 4340), np.arange(3200, 3220), indexing="ij"))
    codes = square_of(rows, cols)
    assert set(np.unique(codes, return_counts=True)[1]) == {25}
    assert all(str(code)[:6] == cell[:6] for code, cell in zip(codes, grid.encode(rows, cols), strict=True))
    assert square_of(np.array([4320, 4324, 4325]), np.array([3200, 3205, 3200])).tolist() == [5440001, 5440002, 5440003]


def test_squares_hold_everybody_once_and_a_suppressed_count_stays_unknown(store):
    people = store.layer("workforce_squares").frame
    told = store.layer("municipal_statistics").frame.set_index("muni_code")
    sums = people.groupby("muni_code")[[*RESIDENTS, *WORKERS]].sum(min_count=1)
    np.testing.assert_allclose(sums, told.loc[sums.index, sums.columns], equal_nan=True)
    assert people.loc[people["muni_code"].eq("08202"), "employees_ict"].isna().all()


def test_more_people_stand_where_more_lived(store):
    people = store.layer("workforce_squares").frame.set_index("point_id")["employed"]
    assert people["08201-5440003"] > people["08201-5440001"]


def test_minutes_grow_with_the_way_and_stop_at_the_longest(store):
    table = store.layer("commuting_minutes").frame
    home, work = table["pair"] // PAIR, table["pair"] % PAIR
    own = table.loc[home.eq(work), "minutes"]
    assert table["minutes"].max() <= LONGEST_MIN
    assert (table.loc[home.ne(work)].groupby(home)["minutes"].min() > 0).all()
    to_next = table.loc[home.eq(5440001) & work.eq(5440002), "minutes"].iloc[0]
    to_third = table.loc[home.eq(5440001) & work.eq(5440012), "minutes"].iloc[0]
    assert own.max() <= INSIDE_MIN
    assert own.min() < to_next < to_third


def test_later_years_count_working_ages_and_go_on_at_the_pace_of_the_prefecture(store):
    table = store.layer("workforce_projection").frame.set_index("muni_code")
    assert sorted(table.index) == ["08201", "08202"]  # no projection of 09201: unknown, not 100
    assert table.loc["08201", "index_2040"] == pytest.approx(92.0)
    assert table.loc["08201", ["age_15_29_pct", "age_30_44_pct", "age_45_64_pct"]].tolist() == [30, 30, 40]
    assert table.loc["08201", "index_2050"] == pytest.approx(90.0 * 1615 / 1700)


def test_a_university_has_its_departments_part_of_the_graduates_and_a_kosen_the_mean_quota(store):
    table = store.layer("technical_schools").frame.set_index("school_id")
    assert table.loc["university-U1", "graduates"] == pytest.approx(6000 / 4)
    assert table.loc["university-U2", "graduates"] == pytest.approx(4000 / 2)
    assert table.loc["kosen-K01", "graduates"] == round(9400 / 51)
    assert (table["graduates_low"] < table["graduates"]).all()
    assert (table["graduates"] < table["graduates_high"]).all()


def test_movers_are_the_latest_year(store):
    assert store.layer("prefecture_series").frame["movers_pct"].tolist() == [4.0, 5.0]


@pytest.mark.parametrize(
    "content",
    [gzip.compress(b"x" * 10_000, mtime=0)[:20], gzip.compress(b"item_code,year\nF1,2020\n", mtime=0)],
    ids=["cut", "other"],
)
def test_a_broken_or_other_table_of_all_items_is_one_sentence(tmp_path, content):
    specs = tiny_country.build(tmp_path / "mirror")
    path = tmp_path / "mirror" / "files" / "ssds_prefecture_all_items.csv.gz"
    path.write_bytes(content)
    tiny_country._manifest(tmp_path / "mirror")
    pinned = tiny_country._pinned(specs["prefecture_series"], tmp_path / "mirror")
    store = Store(tmp_path / "data", specs={**specs, "prefecture_series": pinned})
    with pytest.raises(FormatError, match=r"ssds_prefecture_all_items\.csv\.gz: expected"):
        store.pull(["prefecture_series"], mirror=tmp_path / "mirror")
