"""The translated template as one stage deploys it: conditions decided, parameters and mappings filled in."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from local.intrinsics import NO_VALUE, Resolver
from local.model import ACCOUNT, REGION
from local.parameters import values_of

STAGES = ("dev", "staging", "prod")
# What somebody has to say before a stage can be deployed.
PARAMETERS: dict[str, dict[str, str]] = {stage: {"Stage": stage} for stage in STAGES}

Properties = dict[str, Any]


@dataclass(frozen=True)
class Resource:
    """A resource with all functions resolved: a Ref is the logical id, an attribute `Id.Attribute`."""

    name: str
    kind: str
    properties: Properties
    given: Mapping[str, Any]

    def __getitem__(self, name: str) -> Any:
        """Return a property; a missing one fails the rule that asks, by name."""
        assert name in self.properties, f"{self.name} ({self.kind}) has no {name}"
        return self.properties[name]

    def get(self, name: str, default: Any = None) -> Any:
        return self.properties.get(name, default)


class Deployed:
    """What CloudFormation would make of a translated template for *stage*; made once, asked often."""

    def __init__(self, translated: Mapping[str, Any], stage: str, **parameters: str) -> None:
        given = {**PARAMETERS[stage], **parameters}
        self.stage = stage
        self.translated = translated
        self.parameters = values_of(translated.get("Parameters", {}), given)
        self.secret_parameters = [n for n, each in translated.get("Parameters", {}).items() if each.get("NoEcho")]
        self._resolver = _Resolver(translated, self.parameters)
        self.resources = {
            name: Resource(name, each["Type"], self._resolved(name, each), each)
            for name, each in translated["Resources"].items()
            if "Condition" not in each or self._resolver.condition(each["Condition"], name)
        }

    def of_type(self, kind: str) -> list[Resource]:
        return [each for each in self.resources.values() if each.kind == kind]

    def the(self, kind: str) -> Resource:
        """Return the one resource of *kind*."""
        found = self.of_type(kind)
        assert len(found) == 1, f"{self.stage} has {len(found)} resources of {kind}, not one"
        return found[0]

    def resource(self, name: str) -> Resource:
        assert name in self.resources, f"{self.stage} has no resource {name}"
        return self.resources[name]

    def stages(self, name: str) -> Any:
        """Return what the mapping of stages says for this one."""
        return self.translated["Mappings"]["Stages"][self.stage][name]

    def functions(self) -> list[Resource]:
        return self.of_type("AWS::Lambda::Function")

    def role_of(self, function: Resource) -> Resource:
        return self.resource(str(function["Role"]).removesuffix(".Arn"))

    def operations(self) -> dict[str, Properties]:
        """Return the operations of the API by `METHOD /path`."""
        paths = self.the("AWS::ApiGateway::RestApi")["Body"]["paths"]
        return {f"{method.upper()} {path}": each for path, methods in paths.items() for method, each in methods.items()}

    def _resolved(self, name: str, given: Mapping[str, Any]) -> Properties:
        resolved: Properties = self._resolver.resolve(given.get("Properties", {}), name)
        return resolved


class _Resolver(Resolver):
    """As the local server's, and what else CloudFormation knows."""

    def __init__(self, document: Mapping[str, Any], parameters: Mapping[str, Any]) -> None:
        super().__init__(document, parameters)
        self._kinds = {name: each["Type"] for name, each in document["Resources"].items()}
        self._functions |= {
            "Fn::Base64": self.resolve,
            "Fn::Cidr": lambda value, where: [f"{self.resolve(value[0], where)}#{n}" for n in range(int(value[1]))],
            "Fn::GetAtt": self._attribute,
            "Fn::GetAZs": lambda value, where: [f"{self.resolve(value, where) or 'zone'}-{letter}" for letter in "abc"],
            "Fn::Transform": lambda value, where: NO_VALUE,
        }

    def _get_attribute(self, value: list[str], where: str) -> str:
        is_function = self._kinds.get(value[0]) == "AWS::Lambda::Function"
        return super()._get_attribute(value, where) if is_function else ".".join((self._ref(value[0], where), value[1]))

    def _attribute(self, value: list[str], where: str) -> str:
        """Return an attribute; the Arn of a proxy in full, since its id can be had from nowhere else."""
        if value[1] == "DBProxyArn":
            return f"arn:aws:rds:{REGION}:{ACCOUNT}:db-proxy:prx-{value[0]}"
        return self._get_attribute(value, where)
