"""Fields and plans on the national data: every profile ranks the country, quotients add up, areas are answered, pairs that rank alike are told."""

from datetime import date
from itertools import combinations

import numpy as np
import pandas as pd
import pytest
from realdata import MARKS

from planner import evaluate
from planner.context.area import area_of
from planner.context.field_cluster import field_answer
from planner.context.plan_evidence import filled
from planner.fields.field import fields
from planner.measure.candidates import CandidateChoice
from planner.plans.plan import new_plan
from planner.plans.requirements import KINDS
from planner.scenario.merge import scenario_from_profile
from planner.scenario.national import alike
from planner.scenario.profiles import profiles

pytestmark = MARKS


@pytest.mark.parametrize("profile", [id_ for id_ in profiles() if id_.startswith("field-")])
def test_every_field_ranks_the_municipalities(national, profile):
    choice = CandidateChoice(kind="municipalities")
    table = evaluate(scenario_from_profile(profile).model_copy(update={"candidates": choice}), national).result().table
    ranked = table[table["status"].eq("ranked")]
    assert len(ranked) > 1_300
    first = ranked.sort_values("rank")
    assert first["score"].iloc[0] > first["score"].median() + 10


def test_pairs_that_rank_alike_are_told_and_no_others(national):
    told = {frozenset((row.profile, row.other)) for row in alike().itertuples()}
    looked = ("field-materials", "field-pharma", "field-fusion", "field-port-logistics")
    scores = {}
    for profile in looked:
        scenario = scenario_from_profile(profile).model_copy(update={"candidates": CandidateChoice(kind="mesh")})
        table = evaluate(scenario, national).result().table
        scores[profile] = table["score"].where(table["status"].eq("ranked"))
    found = pd.DataFrame(scores).corr(method="spearman")
    for one, other in combinations(looked, 2):
        assert (found.loc[one, other] > 0.95) == (frozenset((one, other)) in told), (one, other, found.loc[one, other])


def test_sectors_add_up_to_the_country(national):
    rows = national.layer("sector_employees").frame
    total = national.layer("municipal_statistics").frame["employees"].sum()
    assert rows["employees"].sum() == pytest.approx(total, rel=0.001)
    quotients = national.layer("specialisation").frame.set_index("muni_code")
    assert quotients.loc["10524", "lq_e"] > 2  # 大泉町
    assert quotients.loc["13103", "lq_g"] > 1.5  # 港区
    assert quotients.loc["13103", "lq_e"] < 0.7


@pytest.mark.parametrize("field", fields())
def test_every_block_is_answered(national, field):
    for block in ("HKD", "KYS"):
        answer = field_answer(national, fields()[field], area_of(national, block), 100.0)
        assert answer.sectors is not None
        assert answer.sectors.table["employees"].notna().all()
        low, middle, high = answer.indicative["area"]
        assert 100 <= low <= middle <= high < 250
        assert not answer.services["here"].isna().any()


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("region", [{"prefectures": ("43",)}, {"block": "HKD"}, {"municipalities": ("47201",)}])
def test_every_paper_is_filled_anywhere(national, kind, region):
    plan = filled(national, new_plan(kind, "x", field="semiconductor-fab", **region), date(2026, 11, 28))
    evidence = [one for answer in plan.answers.values() for one in answer.evidence]
    assert evidence
    assert all(one.value is None or np.isfinite(one.value) for one in evidence)
