"""
Fit the weights of every profile that the back-test names on the product's own list of choices: `make calibrate`.

Needs the layers of the national mesh pulled into PLANNER_DATA_DIR. What it writes stands in planner/scenario/profiles/fitted.
"""

import sys
from pathlib import Path

from stored import store_with

from planner.calibration import calibrate
from planner.explain.calibration import told
from planner.measure.choices import known_choices
from planner.model.calibration import Calibration
from planner.output.files import write_scenario
from planner.scenario.backtest import backtest
from planner.scenario.bind import bind
from planner.scenario.criteria import criteria
from planner.scenario.merge import merged_scenario

OUT = Path(__file__).parents[1] / "planner" / "scenario" / "profiles" / "fitted"


def main() -> None:
    """Write a calibrated set per profile, and say how each stood."""
    test = backtest()
    plans = [bind(merged_scenario({"profile": id_, "weights": "assumed"}, id_)) for id_ in test.profiles]
    asked = [*(criteria()[id_] for id_ in test.criteria.used), *(c for plan in plans for c in plan.criteria.values())]
    store = store_with({id_ for c in asked for id_ in c.rests_on()})
    choices = known_choices(store)
    for id_ in test.profiles:
        table = calibrate(id_, choices, store)
        write_scenario(table, OUT / f"{id_}.toml")
        sys.stdout.write("\n".join([id_, *told(Calibration.model_validate(table["calibration"]), "en"), ""]))


if __name__ == "__main__":
    main()
