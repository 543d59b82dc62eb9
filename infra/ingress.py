"""The API to which exchanges post: it answers 202 and invokes asynchronously.

Terraform must create a deployment of the API before it deletes the one that this
replaces, and it then treats everything that the deployment depends on in the same way.
That must not happen to a resource with a fixed name: AWS refuses its successor, or the
successor is the same resource and is deleted with it. Therefore the API's document
names the function without depending on it, and the stage, which serves the deployment,
waits for the function and its permission.
"""

from cdktf import Fn, TerraformResourceLifecycle
from cdktf_cdktf_provider_aws.api_gateway_api_key import ApiGatewayApiKey
from cdktf_cdktf_provider_aws.api_gateway_deployment import ApiGatewayDeployment
from cdktf_cdktf_provider_aws.api_gateway_rest_api import (
    ApiGatewayRestApi,
    ApiGatewayRestApiEndpointConfiguration,
)
from cdktf_cdktf_provider_aws.api_gateway_stage import ApiGatewayStage
from cdktf_cdktf_provider_aws.api_gateway_usage_plan import (
    ApiGatewayUsagePlan,
    ApiGatewayUsagePlanApiStages,
    ApiGatewayUsagePlanThrottleSettings,
)
from cdktf_cdktf_provider_aws.api_gateway_usage_plan_key import ApiGatewayUsagePlanKey
from cdktf_cdktf_provider_aws.lambda_permission import LambdaPermission
from constructs import Construct

from infra.checkov_exceptions import add_exceptions
from infra.function import Function
from infra.openapi import document
from infra.settings import Settings

NO_LOGS = "the role that writes them is one per account, which no environment owns"
STAGE_EXCEPTIONS = {
    "CKV_AWS_73": "the request_id in rows and logs traces each request",
    "CKV_AWS_76": NO_LOGS,
    "CKV_AWS_120": "the only method is POST, which is never cached",
    "CKV2_AWS_4": NO_LOGS,
    "CKV2_AWS_29": "each sender has a key; a firewall costs more than all the rest",
    "CKV2_AWS_51": "Lambda is behind it, which authenticates its caller through IAM",
}


class Webhooks(Construct):
    """`POST /webhooks/{exchange}`, which invokes `processor` for holders of
    `key_value`.
    """

    STAGE = "v1"

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        settings: Settings,
        account_id: str,
        processor: Function,
    ) -> None:
        super().__init__(scope, id_)
        self.name = settings.name("webhooks")
        uri = _invocation_uri(settings.aws_region, account_id, processor.name)
        api = ApiGatewayRestApi(
            self,
            "Default",
            name=self.name,
            body=document(title=self.name, processor_uri=uri),
            # Otherwise the import may leave out a part, such as a model, and succeed.
            fail_on_warnings=True,
            endpoint_configuration=ApiGatewayRestApiEndpointConfiguration(
                types=["REGIONAL"]
            ),
            lifecycle=TerraformResourceLifecycle(create_before_destroy=True),
        )
        invoke = LambdaPermission(
            self,
            "invoke",
            action="lambda:InvokeFunction",
            function_name=processor.arn,
            principal="apigateway.amazonaws.com",
            source_arn=f"{api.execution_arn}/{self.STAGE}/POST/webhooks/*",
        )
        deployment = ApiGatewayDeployment(
            self,
            "deployment",
            rest_api_id=api.id,
            triggers={"body": Fn.sha1(api.body)},
            lifecycle=TerraformResourceLifecycle(create_before_destroy=True),
        )
        self.stage = ApiGatewayStage(
            self,
            "stage",
            rest_api_id=api.id,
            deployment_id=deployment.id,
            stage_name=self.STAGE,
            depends_on=[invoke],
        )
        add_exceptions(self.stage, STAGE_EXCEPTIONS)
        self.key_value = self._admit(api, settings)

    def _admit(self, api: ApiGatewayRestApi, settings: Settings) -> str:
        plan = ApiGatewayUsagePlan(
            self,
            "plan",
            name=self.name,
            api_stages=[
                ApiGatewayUsagePlanApiStages(api_id=api.id, stage=self.stage.stage_name)
            ],
            throttle_settings=ApiGatewayUsagePlanThrottleSettings(
                rate_limit=settings.webhook_rate, burst_limit=settings.webhook_burst
            ),
        )
        key = ApiGatewayApiKey(self, "key", name=self.name)
        ApiGatewayUsagePlanKey(
            self, "plan-key", key_id=key.id, key_type="API_KEY", usage_plan_id=plan.id
        )
        return key.value


def _invocation_uri(region: str, account_id: str, function: str) -> str:
    arn = f"arn:aws:lambda:{region}:{account_id}:function:{function}"
    api = f"arn:aws:apigateway:{region}:lambda:path/2015-03-31"
    return f"{api}/functions/{arn}/invocations"
