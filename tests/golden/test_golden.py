"""Rankings of the embedded default, held to the point. Set PLANNER_UPDATE_GOLDEN=1 to write them again on purpose."""

import json
import os
from pathlib import Path

import pytest

from planner import evaluate
from planner.scenario.merge import merged_scenario
from planner.scenario.profiles import default_weights, profiles

FOLDER = Path(__file__).parent


SETS = [*profiles(), *(f"{profile}-assumed" for profile in profiles() if default_weights(profile) != "assumed")]
"""Each profile as it starts, and with its assumed weights where those are the other set."""


@pytest.mark.parametrize("name", SETS)
def test_the_embedded_ranking_is_the_golden_one(name, embedded):
    profile = name.removesuffix("-assumed")
    weights = default_weights(profile) if profile == name else "assumed"
    table = evaluate(merged_scenario({"profile": profile, "weights": weights}, name), embedded).result().table
    best = table[table["status"].eq("ranked")].head(25)
    seen = {
        "status": table["status"].value_counts().sort_index().to_dict(),
        "within_one_point_of_the_first": int((best["score"] >= best["score"].iloc[0] - 1).sum()),
        "best": {
            site: [int(rank), round(score, 3), round(high, 3)]
            for site, rank, score, high in zip(best.index, best["rank"], best["score"], best["score_high"], strict=True)
        },
    }
    path = FOLDER / f"{name}.json"
    if os.environ.get("PLANNER_UPDATE_GOLDEN"):
        path.write_text(json.dumps(seen, ensure_ascii=False, indent=1) + "\n", "utf-8")
    held = json.loads(path.read_text("utf-8")) if path.is_file() else None
    assert seen == held, (
        f"{path.name}: ranks differ. If they should, say so in CHANGELOG.md under «Results may change» and run "
        "PLANNER_UPDATE_GOLDEN=1 python -m pytest tests/golden"
    )
