"""template.yaml as the local gateway understands it: all of it, or a message that names what it does not."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from local import properties
from local.cloudformation import load
from local.errors import TemplateError
from local.intrinsics import Resolver
from local.model import Project
from local.parameters import values_of
from local.template_api import read_api
from local.template_body import read_body
from local.template_functions import read_function, read_routes
from local.template_rules import check_rules

NAME = "template.yaml"
_API, _FUNCTION, _LAYER = "AWS::Serverless::Api", "AWS::Serverless::Function", "AWS::Serverless::LayerVersion"
_KNOWN = {_API: properties.API, _FUNCTION: properties.FUNCTION, _LAYER: properties.LAYER}
# What stands beside the serving and means nothing on one machine.
_ASIDE = (
    "AWS::ApiGateway::Account",
    "AWS::ApiGateway::BasePathMapping",
    "AWS::ApiGateway::DomainName",
    "AWS::ApplicationAutoScaling::",
    "AWS::Backup::",
    "AWS::CertificateManager::",
    "AWS::Budgets::",
    "AWS::CloudWatch::",
    "AWS::CodeDeploy::",
    "AWS::EC2::",
    "AWS::ElastiCache::",
    "AWS::Events::",
    "AWS::IAM::",
    "AWS::KMS::",
    "AWS::Lambda::Permission",
    "AWS::Logs::",
    "AWS::RDS::",
    "AWS::Route53::",
    "AWS::S3::",
    "AWS::SES::",
    "AWS::SNS::",
    "AWS::SQS::",
    "AWS::SSM::",
    "AWS::Scheduler::",
    "AWS::SecretsManager::",
    "AWS::Synthetics::",
    "AWS::WAFv2::",
    "AWS::XRay::",
    "Custom::",
)


def read_project(root: Path, overrides: Mapping[str, str]) -> Project:
    """
    Return what template.yaml in *root* asks for, with *overrides* of its parameters.

    Raises:
        TemplateError: If it asks for something that cannot be honoured here.
    """
    document = load(root / NAME)
    parameters = values_of(document.get("Parameters", {}), overrides)
    check_rules(document.get("Rules", {}), parameters)
    resolver = Resolver(document, parameters)
    found = _serving(document, resolver)
    layers = {name: root / str(layer["ContentUri"]) for name, layer in found[_LAYER].items()}
    functions = {name: read_function(name, each, root, layers) for name, each in found[_FUNCTION].items()}
    if len(found[_API]) != 1:
        raise TemplateError(f"The local gateway serves one AWS::Serverless::Api; {NAME} has {len(found[_API])}.")
    ((api_name, api),) = found[_API].items()
    where = f"Resources.{api_name}.Properties"
    stated = list(read_body(where, api, functions))
    events = [route for name, each in found[_FUNCTION].items() for route in read_routes(name, each, api_name)]
    return Project(root, read_api(where, api, [*stated, *events], functions), functions)


def _serving(document: Mapping[str, Any], resolver: Resolver) -> dict[str, dict[str, dict[str, Any]]]:
    found: dict[str, dict[str, dict[str, Any]]] = {kind: {} for kind in _KNOWN}
    common = properties.GLOBALS.check(document.get("Globals"), "Globals")
    for name, resource in document["Resources"].items():
        kind = str(resource.get("Type"))
        if kind.startswith(_ASIDE):
            continue
        if kind not in _KNOWN:
            raise TemplateError(f"Resources.{name}: the local gateway does not know resources of type {kind}.")
        if "Condition" in resource and not resolver.condition(resource["Condition"], f"Resources.{name}"):
            continue
        found[kind][name] = _properties(name, resource, common, resolver)
    return found


def _properties(
    name: str, resource: Mapping[str, Any], common: Mapping[str, Any], resolver: Resolver
) -> dict[str, Any]:
    kind = resource["Type"]
    where, section = f"Resources.{name}", kind.rsplit("::", 1)[1]
    own = properties.RESOURCE.check(resource, where).get("Properties")
    shared = _KNOWN[kind].check(common.get(section), f"Globals.{section}")
    honoured = _KNOWN[kind].check(own, f"{where}.Properties")
    resolved = resolver.resolve(_merged(shared, honoured), f"{where}.Properties")
    assert isinstance(resolved, dict)
    return resolved


def _merged(shared: Any, own: Any) -> Any:
    """Merge as SAM does: maps by key, lists one after the other, anything else is the resource's own."""
    if isinstance(shared, dict) and isinstance(own, dict):
        together = {key: _merged(shared[key], own[key]) for key in shared.keys() & own.keys()}
        return {**shared, **own, **together}
    if isinstance(shared, list) and isinstance(own, list):
        return [*shared, *own]
    return own
