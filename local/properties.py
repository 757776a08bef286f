"""Which properties of the template the local gateway honours, and which it may ignore, with the reason for each."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from local.errors import TemplateError

_NO_LAMBDA = "the functions run in this process, not in Lambda"
_NO_AWS = "there is no AWS account here"
_NO_TRACE = "there is no X-Ray here"
_NO_DEPLOYMENT = "it steers a deployment"


@dataclass(frozen=True)
class Known:
    """The properties that are honoured, and those that are ignored because they mean nothing on one machine."""

    honoured: frozenset[str]
    ignored: Mapping[str, str] = field(default_factory=dict)

    def check(self, properties: Any, where: str) -> dict[str, Any]:
        """Return what is honoured of *properties*, all of which must be known; None counts as none."""
        if not isinstance(properties, dict | None):
            raise TemplateError(f"{where}: a map is expected here.")
        for name in properties or {}:
            if name not in self.honoured and name not in self.ignored:
                raise TemplateError(
                    f"{where}.{name}: the local gateway does not know how to honour this property. Teach it in "
                    "local/properties.py, or take it out of the template."
                )
        return {name: value for name, value in (properties or {}).items() if name in self.honoured}


def _known(honoured: str, **ignored: str) -> Known:
    return Known(frozenset(honoured.split()), ignored)


RESOURCE = _known(
    "Type Properties Condition",
    Metadata="it steers `sam build`",
    DependsOn=_NO_DEPLOYMENT,
    DeletionPolicy=_NO_DEPLOYMENT,
    UpdateReplacePolicy=_NO_DEPLOYMENT,
)

FUNCTION = _known(
    "CodeUri Handler Events Timeout MemorySize Environment Layers Runtime",
    Architectures="the code is Python, run by the Python at hand",
    AutoPublishAlias=_NO_DEPLOYMENT,
    AutoPublishAliasAllProperties=_NO_DEPLOYMENT,
    DeploymentPreference=_NO_DEPLOYMENT,
    Description="it is for people",
    EphemeralStorage=_NO_LAMBDA,
    FunctionName="the logical id names the function here",
    KmsKeyArn=_NO_AWS,
    LoggingConfig="the log goes to server.log",
    PermissionsBoundary=_NO_AWS,
    Policies=_NO_AWS,
    ProvisionedConcurrencyConfig="handlers are always warm here",
    RecursiveLoop=_NO_LAMBDA,
    ReservedConcurrentExecutions="the gateway has one limit for all functions",
    Role=_NO_AWS,
    RuntimeManagementConfig=_NO_LAMBDA,
    SnapStart="handlers are always warm here",
    Tags=_NO_AWS,
    Tracing=_NO_TRACE,
    VersionDeletionPolicy=_NO_DEPLOYMENT,
    VersionDescription=_NO_DEPLOYMENT,
    VpcConfig="there is no network to enter",
)

ENVIRONMENT = _known("Variables")
EVENT = _known("Type Properties")
API_EVENT = _known("Path Method RestApiId Auth")
EVENT_AUTH = _known("Authorizer", InvokeRole=_NO_AWS)

LAYER = _known(
    "ContentUri",
    CompatibleArchitectures="the code is Python, run by the Python at hand",
    CompatibleRuntimes="the code is Python, run by the Python at hand",
    Description="it is for people",
    LayerName="the logical id names the layer here",
    LicenseInfo="it is for people",
    PublishLambdaVersion=_NO_DEPLOYMENT,
    RetentionPolicy=_NO_DEPLOYMENT,
)

API = _known(
    "StageName Cors Auth GatewayResponses Variables BinaryMediaTypes MinimumCompressionSize DefinitionBody"
    " MergeDefinitions",
    AccessLogSetting="the access log is the terminal",
    AlwaysDeploy=_NO_DEPLOYMENT,
    CanarySetting=_NO_DEPLOYMENT,
    Description="it is for people",
    DisableExecuteApiEndpoint="there is one address here",
    Domain="there is one address here",
    EndpointAccessMode="there is no TLS here",
    EndpointConfiguration="there is one address here",
    MethodSettings="throttling, logging and metrics belong to the deployed stage",
    Name="the logical id names the API here",
    OpenApiVersion="it shapes a document that only a deployment makes",
    PropagateTags=_NO_AWS,
    SecurityPolicy="there is no TLS here",
    Tags=_NO_AWS,
    TracingEnabled=_NO_TRACE,
)

BODY = _known("paths", openapi="the local gateway reads version 3 as well as any", info="it is for people")
OPERATION = _known(
    "security x-amazon-apigateway-integration", responses="what a function answers is passed on as it is"
)
INTEGRATION = _known("type httpMethod uri")
CORS = _known("AllowOrigin AllowHeaders AllowMethods MaxAge AllowCredentials")
API_AUTH = _known(
    "DefaultAuthorizer AddDefaultAuthorizerToCorsPreflight Authorizers",
    InvokeRole=_NO_AWS,
    ResourcePolicy="nobody reaches this address from outside",
)
AUTHORIZER = _known("FunctionArn FunctionPayloadType Identity", FunctionInvokeRole=_NO_AWS)
IDENTITY = _known("Header ValidationExpression ReauthorizeEvery")
GATEWAY_RESPONSE = _known("StatusCode ResponseParameters ResponseTemplates")
RESPONSE_PARAMETERS = _known("Headers")
RESPONSE_TEMPLATES = _known("application/json")
GLOBALS = _known("Function Api LayerVersion")
