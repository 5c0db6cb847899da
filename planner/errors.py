"""The error of this package, said like every other in the reader's language, and what a model's refusal says."""

from collections.abc import Mapping
from typing import Any

from pydantic import ValidationError

from geodata.errors import GeodataError, Phrase, phrase

_LONGEST = 80
_REFUSALS = {
    "missing": "this key is needed",
    "extra_forbidden": "this key is not known",
    "greater_than": "expected a number above {gt}",
    "greater_than_equal": "expected {ge} or more",
    "less_than": "expected a number below {lt}",
    "less_than_equal": "expected {le} or less",
    "finite_number": "expected a finite number",
    "float_type": "expected a number",
    "float_parsing": "expected a number",
    "int_type": "expected a whole number",
    "int_parsing": "expected a whole number",
    "int_from_float": "expected a whole number",
    "bool_type": "expected true or false",
    "bool_parsing": "expected true or false",
    "string_type": "expected a text",
    "string_too_short": "expected a text that is not empty",
    "string_pattern_mismatch": "expected a text of the form {pattern}",
    "literal_error": "expected {expected}",
    "union_tag_invalid": "expected one of {expected_tags}",
    "union_tag_not_found": "expected {discriminator}",
    "too_short": "expected at least {min_length}",
    "too_long": "expected at most {max_length}",
    "tuple_type": "expected a list",
    "list_type": "expected a list",
    "dict_type": "expected a table",
    "model_type": "expected a table",
    "model_attributes_type": "expected a table",
}
"""What pydantic's kinds of refusal are called here; each has a Japanese form."""


class PlannerError(GeodataError):
    """Something the user supplied cannot be used; the message is one sentence that says what to do."""


def refusal(error: ValidationError) -> tuple[str, Phrase, str]:
    """Of the first thing that a model refused: its place, why, and what was found there."""
    first = error.errors()[0]
    place = ".".join(str(part) for part in first["loc"])
    return place, _why(first["type"], first["msg"], first.get("ctx", {})), repr(first.get("input"))[:_LONGEST]


def _why(kind: str, message: str, context: Mapping[str, Any]) -> Phrase:
    cause = context.get("error")
    if isinstance(cause, GeodataError):
        return cause.phrase
    sentence = _REFUSALS.get(kind)
    return phrase(sentence, **context) if sentence else phrase(message)
