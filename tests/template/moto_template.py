"""The translated template, cut down to what moto can deploy; what is left out is known by name."""

import copy
import ipaddress
import re
from collections.abc import Mapping
from typing import Any

from tools.translated import REGION

ACCOUNT = "123456789012"
# Moto has the type, and stumbles over something that CloudFormation takes.
STUMBLES = {
    "AWS::ApiGateway::Deployment": "an API is made there without its OpenAPI body, and so without methods",
    "AWS::RDS::DBInstance": "a Ref to a parameter group is an object there, not a name",
}
_VARIABLE = re.compile(r"\$\{([^}!]+)\}")

Template = dict[str, Any]


def left_out(template: Template, known: set[str]) -> dict[str, str]:
    """Return the resources that moto cannot make, and what each is of."""
    resources = template["Resources"].items()
    return {name: each["Type"] for name, each in resources if each["Type"] not in known - STUMBLES.keys()}


def for_moto(template: Template, absent: Mapping[str, str]) -> Template:
    """Return *template* without what is *absent*; who refers to that gets an ARN of the right shape."""
    kept = copy.deepcopy(template)
    kept["Resources"] = {name: each for name, each in kept["Resources"].items() if name not in absent}
    for resource in kept["Resources"].values():
        depends = resource.pop("DependsOn", [])
        resource["DependsOn"] = [
            name for name in ([depends] if isinstance(depends, str) else depends) if name in kept["Resources"]
        ]
    kept["Resources"]["Api"]["Properties"].setdefault("Name", "roster")  # not in its body alone
    network = ipaddress.ip_network(kept["Parameters"]["VpcCidr"]["Default"])
    stands = {name: _stand_in(name, template["Resources"][name]) for name in absent}
    return {
        "Parameters": kept["Parameters"],
        "Mappings": kept.get("Mappings", {}),
        "Conditions": kept.get("Conditions", {}),
        "Resources": _replaced(kept["Resources"], stands, [str(each) for each in network.subnets(new_prefix=24)]),
    }


def _stand_in(name: str, resource: Mapping[str, Any]) -> str:
    """Return an ARN; that of an alias is its function's, which is there."""
    if resource["Type"] == "AWS::Lambda::Alias":
        return f"${{{resource['Properties']['FunctionName']['Ref']}.Arn}}"
    return f"arn:aws:service:{REGION}:{ACCOUNT}:kind:{name}"


def _replaced(value: Any, stands: Mapping[str, str], subnets: list[str]) -> Any:
    if isinstance(value, list):
        return [_replaced(each, stands, subnets) for each in value]
    if not isinstance(value, dict):
        return value
    known = _known(value, stands, subnets)
    return known or {key: _replaced(each, stands, subnets) for key, each in value.items()}


def _known(value: dict[str, Any], stands: Mapping[str, str], subnets: list[str]) -> Any:
    """Return what stands for a reference to something absent, or for what moto does not compute; else None."""
    match value:
        case {"Ref": name} | {"Fn::GetAtt": [name, *_]} if name in stands:
            return {"Fn::Sub": stands[name]}
        case {"Fn::Select": [index, {"Fn::Cidr": _}]}:
            return subnets[int(index)]
        case {"Fn::Sub": str(text)}:
            return {"Fn::Sub": _VARIABLE.sub(lambda found: _variable(found, stands), text.removesuffix(":live"))}
        case {"Fn::Sub": [text, own]}:
            return {"Fn::Sub": [_known({"Fn::Sub": text}, stands, subnets)["Fn::Sub"], _replaced(own, stands, subnets)]}
    return None


def _variable(found: re.Match[str], stands: Mapping[str, str]) -> str:
    return stands.get(found.group(1).split(".")[0], found.group(0))
