"""Rank under each of several named sets of branch weights: what everyone agrees on."""

from collections.abc import Mapping

import numpy as np
import pandas as pd

from ..decision import influence
from ..decision.problem import Problem, problem_of
from ..decision.weights import tree_weights
from ..model.result import Result
from .words import Words

Sets = Mapping[str, Mapping[str, float]]


def stakeholder_ranks(result: Result, sets: Sets) -> pd.DataFrame:
    """Rank of each ranked site under each named set of branch weights, with best, worst and spread."""
    return ranks_under(problem_of(result), sets)


def ranks_under(problem: Problem, sets: Sets) -> pd.DataFrame:
    """The same for a problem: each set of branch weights goes through the tree to the criteria."""
    inside = {id_: (c.branch, c.weight) for id_, c in problem.criteria.items()}
    weights = {name: np.array(list(tree_weights(branches, inside).values())) for name, branches in sets.items()}
    return influence.stakeholder_ranks(problem, weights)


def agreement_sentence(spread: pd.DataFrame, top: int, words: Words) -> str:
    """How many sites every set of weights puts into the top k."""
    always = int((spread["worst"] <= top).sum())
    return words.t("{n} sites are in the top {k} for every set of weights saved.", n=always, k=top)
