"""What a calibrated set of weights rests on and how it stood, in sentences."""

from ..i18n import Language, translator
from ..model.calibration import Calibration
from ..scenario.criteria import criteria


def told_assumed(made: Calibration, language: Language) -> tuple[str, ...]:
    """How the assumed weights stand on the choices that judge the profile."""
    t, held = translator(language), made.held_out
    return (
        t("These weights are assumed: they were not fitted on anything."),
        t(
            "On {n} real choices they reach an area of {assumed}; the calibrated weights, regions held out, {calibrated}; the best single criterion in hindsight, «{title}», {area}.",
            n=held.assumed.n,
            assumed=f"{held.assumed.area:.2f}",
            calibrated=f"{held.calibrated.area:.2f}",
            title=criteria()[held.column].said().title[language],
            area=f"{held.best_column.area:.2f}",
        ),
    )


def told(made: Calibration, language: Language) -> tuple[str, ...]:
    """What it was fitted on, how it stood on choices not seen, and whether one column alone does as well."""
    t, held = translator(language), made.held_out
    fitted = (
        t(
            "Fitted on {n} real choices of the field, drawn towards a model of {pooled} choices of all fields and a prior from surveys ({out} left out: closed, never built or off the map).",
            n=made.n,
            out=made.left_out,
            pooled=made.pooled_n,
        )
        if made.fields
        else t(
            "There are no real choices of this type: the model of {pooled} choices of all fields stands for it.",
            pooled=made.pooled_n,
        )
    )
    stood = t(
        "On {n} choices of regions held out: median percentile {median}, {top} in the best 5 %, area {area} ({low} to {high}); with the assumed weights {assumed}.",
        n=held.calibrated.n,
        median=f"{held.calibrated.median:.2f}",
        top=f"{held.calibrated.top:.0%}",
        area=f"{held.calibrated.area:.2f}",
        low=f"{held.calibrated.area_interval[0]:.2f}",
        high=f"{held.calibrated.area_interval[1]:.2f}",
        assumed=f"{held.assumed.area:.2f}",
    )
    verdict = t("it stands higher than both") if made.beats_columns else t("it is no better than the better of the two")
    rivals = t(
        "The best single criterion in hindsight, «{title}», reaches {area} alone and equal weights {equal}: {verdict}.",
        verdict=verdict,
        title=criteria()[held.column].said().title[language],
        area=f"{held.best_column.area:.2f}",
        equal=f"{held.equal.area:.2f}",
    )
    past = t("Choices of the past teach little about what they did not need, such as gigawatts of clean power.")
    kept = t(", ").join(criteria()[id_].said().title[language] for id_ in made.kept)
    held_back = t("Kept from the assumed set, since they define the type: {titles}.", titles=kept)
    return (fitted, stood, rivals, past, *([held_back] if made.kept else []))
