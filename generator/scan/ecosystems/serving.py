"""Frameworks and servers that answer with predictions, and the ways to bring them to a cloud."""

from __future__ import annotations

from generator.model.scan import Act
from generator.scan.signs import Sign, names, phrases

SIGNS = (
    Sign(
        act=Act.SERVES,
        calls=names(
            """fastapi.FastAPI flask.Flask bentoml.service bentoml.Service bentoml.api litserve.* ray.serve.*
            starlette.applications.Starlette gradio.*launch sanic.Sanic aiohttp.web.Application quart.Quart robyn.Robyn
            streamlit.* tornado.web.Application mlserver.* kserve.* cog.BasePredictor ts.torch_handler.* falcon.App
            litestar.Litestar flask_restful.Api"""
        ),
        commands=phrases(
            "torchserve, bentoml serve, tensorflow_model_server, mlserver start, tritonserver, streamlit run"
        ),
        packages=names("fastapi flask bentoml litserve gradio streamlit mlserver kserve"),
    ),
    Sign(
        act=Act.DEPLOYS,
        commands=phrases(
            """aws ecs update-service, aws lambda update-function-code, aws sagemaker create-endpoint, eb deploy,
            aws sagemaker update-endpoint, gcloud run deploy, gcloud app deploy, gcloud functions deploy,
            gcloud ai endpoints deploy-model, az webapp, az container create, az containerapp update,
            az ml online-deployment create, az ml online-endpoint create, heroku container:release, flyctl deploy,
            fly deploy, serverless deploy, sls deploy, sam deploy, cdk deploy, bentoml deploy, modal deploy,
            databricks bundle deploy, railway up, ansible-playbook, docker stack deploy, nomad job run, cf push,
            gcloud deploy releases create"""
        ),
        calls=names(
            """boto3.*.create_endpoint boto3.*.update_endpoint sagemaker.*.deploy google.cloud.aiplatform.*.deploy
            azure.ai.ml.*.begin_create_or_update"""
        ),
    ),
    Sign(act=Act.ROLLS_BACK, commands=phrases("heroku rollback, fly releases rollback")),
    Sign(
        act=Act.PROVISIONS, commands=phrases("terraform apply, tofu apply, pulumi up, terragrunt apply, az deployment")
    ),
    Sign(act=Act.PROVISIONS, commands=phrases("aws cloudformation deploy, cdk deploy, sam deploy, ansible-playbook")),
    Sign(act=Act.ROLLS_BACK, calls=names("*.rollback_endpoint")),
)
