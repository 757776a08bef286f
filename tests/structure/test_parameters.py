"""Bad input to the template: refused by name, with a sentence that says what to do."""

import pytest

from local.errors import TemplateError
from local.parameters import LOCAL_DEFAULTS, values_of
from tests.structure import project
from tests.structure.bad_values import BAD, GOOD

# What is not echoed holds a password; who connects by it says what is wrong with it.
PARAMETERS = {name: each for name, each in project.template()["Parameters"].items() if "NoEcho" not in each}
# Conditions on the value; a type of AWS's own is one, too.
CONSTRAINTS = {"AllowedValues", "AllowedPattern", "MinValue"}
CASES = [(name, value) for name, values in BAD.items() for value in values if name in PARAMETERS]
FINE = [(name, value) for name, values in GOOD.items() for value in values if name in PARAMETERS]


def refusal(name: str, value: str) -> str:
    with pytest.raises(TemplateError) as caught:
        values_of(PARAMETERS, {name: value})
    return str(caught.value)


@pytest.mark.parametrize("name", PARAMETERS)
def test_every_parameter_is_constrained_and_says_in_a_sentence_what_to_give(name: str) -> None:
    parameter = PARAMETERS[name]
    assert CONSTRAINTS & parameter.keys(), f"give {name} an AllowedPattern"
    assert parameter["ConstraintDescription"].startswith("Give "), name
    assert parameter["ConstraintDescription"].endswith("."), name


TEXTS = [name for name, each in PARAMETERS.items() if each["Type"] == "String" and "AllowedValues" not in each]


@pytest.mark.parametrize("name", TEXTS)
def test_what_may_be_any_text_is_not_too_long_for_what_it_names(name: str) -> None:
    longest = {"DomainName": 64, "SubnetIds": 16 * len("subnet-0123456789abcdef0,") - 1}.get(name, 254)
    assert 0 < PARAMETERS[name]["MaxLength"] <= longest


@pytest.mark.parametrize("name", PARAMETERS)
def test_every_parameter_has_bad_values_here(name: str) -> None:
    assert BAD[name]


@pytest.mark.parametrize(("name", "value"), CASES)
def test_a_bad_value_is_refused_with_the_templates_own_sentence(name: str, value: str) -> None:
    assert refusal(name, value) == f"Parameters.{name}: {PARAMETERS[name]['ConstraintDescription']}"


@pytest.mark.parametrize(("name", "value"), FINE)
def test_a_good_value_is_taken(name: str, value: str) -> None:
    assert values_of(PARAMETERS, {name: value})[name] == value


def test_the_defaults_are_good_and_so_are_those_of_the_local_server() -> None:
    assert values_of(PARAMETERS, {}) | LOCAL_DEFAULTS == values_of(PARAMETERS, {})
    assert values_of(PARAMETERS, {name: str(each["Default"]) for name, each in PARAMETERS.items()})


@pytest.mark.parametrize("name", PARAMETERS)
def test_a_pattern_means_the_same_to_java(name: str) -> None:
    """CloudFormation's expressions are Java's: no syntax of Python's own."""
    pattern = str(PARAMETERS[name].get("AllowedPattern", ""))
    assert "(?" not in pattern
    assert "\\Z" not in pattern
