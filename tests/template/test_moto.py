"""The translated template, deployed into moto: as far as moto knows its types, and how far that is."""

import copy
import json
import warnings
from collections import Counter
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from tests.template import moto_template
from tests.template.deployed import PARAMETERS, Deployed
from tools.translated import REGION

pytestmark = pytest.mark.slow

KINDS_MIN, RESOURCES_MIN = 20, 240
EMPTY_ZIP = b"PK\x05\x06" + bytes(18)


@pytest.fixture(autouse=True)
def aws(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    from moto import mock_aws  # with all of CloudFormation it takes seconds to load

    for name, value in (("ACCESS_KEY_ID", "testing"), ("SECRET_ACCESS_KEY", "testing"), ("DEFAULT_REGION", REGION)):
        monkeypatch.setenv(f"AWS_{name}", value)
    with warnings.catch_warnings(), mock_aws(config={"lambda": {"use_docker": False}}):
        warnings.simplefilter("ignore")
        yield


def deploy(template: dict[str, Any], stage: str) -> list[dict[str, Any]]:
    """Return what became of each resource."""
    import boto3

    s3: Any = boto3.client("s3")
    stacks: Any = boto3.client("cloudformation")
    s3.create_bucket(Bucket="bucket", CreateBucketConfiguration={"LocationConstraint": REGION})
    s3.put_object(Bucket="bucket", Key="key", Body=EMPTY_ZIP)
    stacks.create_stack(
        StackName=f"roster-{stage}",
        TemplateBody=json.dumps(template),
        Parameters=[
            {"ParameterKey": name, "ParameterValue": value} for name, value in PARAMETERS[stage].items()
        ],
        Capabilities=["CAPABILITY_NAMED_IAM"],
    )  # fmt: skip
    pages = stacks.get_paginator("list_stack_resources").paginate(StackName=f"roster-{stage}")
    return [each for page in pages for each in page["StackResourceSummaries"]]


@pytest.mark.parametrize("stage", ["prod"])
def test_all_that_moto_knows_is_made(
    stage: str, translated_template: dict[str, Any], record_property: Callable[[str, object], None]
) -> None:
    from moto.cloudformation.parsing import get_model_map

    absent = moto_template.left_out(translated_template, set(get_model_map()))
    template = moto_template.for_moto(translated_template, absent)
    made = deploy(template, stage)
    assert {each["ResourceStatus"] for each in made} == {"CREATE_COMPLETE"}
    kinds = Counter(each["ResourceType"] for each in made)
    record_property("made", f"{len(made)} of {len(translated_template['Resources'])}, {len(kinds)} types")
    assert len(made) >= RESOURCES_MIN
    assert len(kinds) >= KINDS_MIN
    assert kinds["AWS::Lambda::Function"] == kinds["AWS::Lambda::Version"] > 40


def test_the_body_of_the_api_is_read_with_all_its_operations(deployed: dict[str, Deployed]) -> None:
    import boto3

    body = copy.deepcopy(deployed["prod"].the("AWS::ApiGateway::RestApi")["Body"])
    body["info"].setdefault("description", "")  # moto wants one
    for methods in body["paths"].values():
        del methods["options"]  # and no mock integration
    gateway: Any = boto3.client("apigateway")
    api = gateway.import_rest_api(body=json.dumps(body))
    pages = gateway.get_paginator("get_resources").paginate(restApiId=api["id"])
    resources = [each for page in pages for each in page["items"]]
    read = {f"{method} {each['path']}" for each in resources for method in each.get("resourceMethods", {})}
    assert read == {label for label in deployed["prod"].operations() if not label.startswith("OPTIONS ")}
