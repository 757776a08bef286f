"""Settings: what the layer reads is what the template sets, and the other way round."""

import re

from tests.structure import project
from tests.structure.project import LAYER

# The layer has defaults for these that are right under Lambda; the local server sets its own.
OPTIONAL = {
    "CACHE_LEASE_SECONDS",
    "DATABASE_POOL_MAX",
    "DATABASE_IDLE_SECONDS",
    "LOG_EXCEPTION_MESSAGES",
    "MAIL_FOLDER",
}
SET_BY_LAMBDA = {
    "AWS_ACCESS_KEY_ID",
    "AWS_CONTAINER_AUTHORIZATION_TOKEN",
    "AWS_LAMBDA_INITIALIZATION_TYPE",
    "AWS_CONTAINER_CREDENTIALS_FULL_URI",
    "AWS_REGION",
    "AWS_SECRET_ACCESS_KEY",
    "AWS_SESSION_TOKEN",
}
OF_SOME_FUNCTIONS = {
    "LogInFunction": {"JWT_SIGNING_KEY"},
    "RefreshSessionFunction": {"JWT_SIGNING_KEY"},
    "RotateSigningKeyFunction": {"JWT_SIGNING_KEY"},
    "MakeKeysFunction": {"JWT_SIGNING_KEY", "SECOND_FACTOR_KEYS"},
    "SendMailsFunction": {"APP_URL", "MAIL_CONFIGURATION_SET", "MAIL_SENDER", "PRODUCT_NAME"},
    "LogInTotpFunction": {"JWT_SIGNING_KEY", "SECOND_FACTOR_KEYS"},
    "EnrolTotpFunction": {"SECOND_FACTOR_KEYS", "PRODUCT_NAME"},
    "ConfirmTotpFunction": {"SECOND_FACTOR_KEYS"},
    "RenewRecoveryCodesFunction": {"SECOND_FACTOR_KEYS"},
    "DisableTotpFunction": {"SECOND_FACTOR_KEYS"},
}


def common() -> set[str]:
    return set(project.template()["Globals"]["Function"]["Environment"]["Variables"])


def own(function: str) -> set[str]:
    return set(project.functions()[function].get("Environment", {}).get("Variables", {}))


def read_by_the_layer() -> set[str]:
    text = (LAYER / "roster" / "infrastructure" / "settings.py").read_text("utf-8")
    return set(re.findall(r'(?:_required|_integer|_one_of|environ\.get)\("([A-Z_]+)"', text))


def test_the_template_sets_what_the_layer_reads_and_nothing_else() -> None:
    everywhere = common().union(*(own(name) for name in project.functions()))
    assert everywhere == read_by_the_layer() - OPTIONAL - SET_BY_LAMBDA


def test_nothing_is_optional_that_nobody_reads() -> None:
    assert read_by_the_layer() > OPTIONAL | SET_BY_LAMBDA


def test_only_who_needs_it_has_the_signing_key_or_may_send_mail() -> None:
    extra = {name: own(name) - common() for name in project.functions()}
    assert {name: variables for name, variables in extra.items() if variables} == OF_SOME_FUNCTIONS


def test_functions_differ_in_no_common_variable_but_who_they_are_for_the_database() -> None:
    assert set().union(*(own(name) & common() for name in project.functions())) == {"DATABASE_USER"}


def test_template_and_layer_agree_about_defaults_and_bounds() -> None:
    text = (LAYER / "roster" / "infrastructure" / "settings.py").read_text("utf-8")
    numbers = re.findall(r'_integer\("(\w+)", default=([\d_]+), least=([\d_]+), most=([\d_]+)\)', text)
    bounds = {name: tuple(int(number) for number in each) for name, *each in numbers if name not in OPTIONAL}
    assert bounds.keys() >= {"ACCESS_TOKEN_SECONDS", "PASSWORD_LENGTH_MIN"}
    assert {name: of_the_parameter(name) for name in bounds} == bounds


def of_the_parameter(variable: str) -> tuple[int, int, int]:
    """Return default and bounds of the parameter that sets this variable."""
    functions = [project.template()["Globals"]["Function"], *project.functions().values()]
    variables = [each.get("Environment", {}).get("Variables", {}) for each in functions]
    names = {each[variable]["Ref"] for each in variables if variable in each}
    parameter = project.template()["Parameters"][names.pop()]
    return parameter["Default"], parameter["MinValue"], parameter["MaxValue"]
