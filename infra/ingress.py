"""Where exchanges post: a REST API that answers 202 and invokes asynchronously."""

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
    """`POST /webhooks/{exchange}` → `processor`, for holders of `key_value`."""

    def __init__(
        self, scope: Construct, id_: str, *, settings: Settings, processor: Function
    ) -> None:
        super().__init__(scope, id_)
        name = settings.name("webhooks")
        api = ApiGatewayRestApi(
            self,
            "Default",
            name=name,
            body=document(title=name, processor_uri=processor.invoke_arn),
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
            source_arn=f"{api.execution_arn}/v1/POST/webhooks/*",
        )
        deployment = ApiGatewayDeployment(
            self,
            "deployment",
            rest_api_id=api.id,
            triggers={"body": Fn.sha1(api.body)},
            lifecycle=TerraformResourceLifecycle(create_before_destroy=True),
            depends_on=[invoke],
        )
        self.stage = ApiGatewayStage(
            self,
            "stage",
            rest_api_id=api.id,
            deployment_id=deployment.id,
            stage_name="v1",
        )
        add_exceptions(self.stage, STAGE_EXCEPTIONS)
        self.key_value = self._admit(api, name)

    def _admit(self, api: ApiGatewayRestApi, name: str) -> str:
        plan = ApiGatewayUsagePlan(
            self,
            "plan",
            name=name,
            api_stages=[
                ApiGatewayUsagePlanApiStages(api_id=api.id, stage=self.stage.stage_name)
            ],
        )
        key = ApiGatewayApiKey(self, "key", name=name)
        ApiGatewayUsagePlanKey(
            self, "plan-key", key_id=key.id, key_type="API_KEY", usage_plan_id=plan.id
        )
        return key.value
