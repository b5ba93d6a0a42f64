"""AWS: build specifications, CloudFormation with what is switched off, CDK in Python."""

from __future__ import annotations

import json

import pytest

from generator.model.scan import Act, Outcome, Trigger
from generator.scan.api import build
from generator.scan.snapshot import in_memory
from tests.scan.worlds import TRAIN, acts, evidence

SPEC = """\
version: 0.2
phases:
  build:
    commands:
      - pip install .
      - pytest -q
      - >-
        python
        train.py
"""
PIPELINE = """\
Resources:
  Deliver:
    Type: AWS::CodePipeline::Pipeline
    Properties:
      Stages:
        - Name: Source
          Actions: [{ActionTypeId: {Category: Source, Provider: CodeStarSourceConnection}}]
        - Name: Build
          Actions: [{ActionTypeId: {Category: Build, Provider: CodeBuild}}]
        - Name: Ask
          Actions: [{ActionTypeId: {Category: Approval, Provider: Manual}}]
        - Name: Prod
          Actions:
            - Name: !Ref X
              ActionTypeId: {Category: Deploy, Provider: CloudFormation}
"""
RULE = """\
Resources:
  Again:
    Type: AWS::Events::Rule
    Properties:
      ScheduleExpression: rate(1 day)
      State: ENABLED
      Targets:
        - Arn: !Sub arn:aws:sagemaker:${AWS::Region}:${AWS::AccountId}:pipeline/train
          SageMakerPipelineParameters: {PipelineParameterList: []}
"""


def test_a_build_specification_is_started_by_the_pipeline_of_the_tree_else_by_hand() -> None:
    alone = {"ml/buildspec.yml": SPEC, "train.py": TRAIN}
    assert evidence(alone, "C19").outcome is not Outcome.YES
    assert evidence({**alone, "infra/stack.yaml": PIPELINE}, "C19").outcome is Outcome.YES
    assert (Act.TESTS, "ml/buildspec.yml", 6) in acts(alone)


@pytest.mark.parametrize(
    "name", ["buildspec.yaml", "buildspec-train.yml", "modeldeploy_buildspec.yml", "test_buildspec.yml"]
)
def test_the_usual_names_of_specifications_are_known(name: str) -> None:
    assert [task.ecosystem for task in build(in_memory({name: SPEC})).tasks] == ["codebuild"]
    assert build(in_memory({"specification.yml": SPEC})).tasks == ()


def test_a_pipeline_deploys_and_what_follows_its_approval_is_approved() -> None:
    files = {"stack.yaml": PIPELINE, "train.py": TRAIN}
    assert evidence(files, "C28").outcome is Outcome.YES
    assert evidence(files, "C48").outcome is Outcome.YES
    without = PIPELINE.replace("{Category: Approval, Provider: Manual}", "{Category: Test, Provider: CodeBuild}")
    assert evidence({**files, "stack.yaml": without}, "C48").outcome is not Outcome.YES


def test_the_same_template_as_json_is_read() -> None:
    stage = {"Name": "P", "Actions": [{"ActionTypeId": {"Category": "Deploy", "Provider": "S3"}}]}
    made = {"Resources": {"D": {"Type": "AWS::CodePipeline::Pipeline", "Properties": {"Stages": [stage]}}}}
    assert evidence({"stack.json": json.dumps(made), "train.py": TRAIN}, "C28").outcome is Outcome.YES


def test_a_rule_retrains_and_a_disabled_one_does_not() -> None:
    assert evidence({"rule.yml": RULE, "train.py": TRAIN}, "C40").outcome is Outcome.YES
    for change in (("ENABLED", "DISABLED"), ("      ScheduleExpression: rate(1 day)\n", "")):
        assert evidence({"rule.yml": RULE.replace(*change), "train.py": TRAIN}, "C40").outcome is not Outcome.YES


def test_a_rule_on_an_alarm_is_a_signal() -> None:
    text = RULE.replace("ScheduleExpression: rate(1 day)", "EventPattern: {source: [aws.cloudwatch]}")
    (task,) = build(in_memory({"rule.yml": text})).tasks
    assert task.triggers == {Trigger.SIGNAL}


MONITOR = """\
Resources:
  Watch:
    Type: AWS::SageMaker::MonitoringSchedule
    Properties:
      MonitoringScheduleConfig:
        MonitoringType: DataQuality
        ScheduleConfig: {ScheduleExpression: cron(0 * ? * * *)}
  Serve:
    Type: AWS::SageMaker::Endpoint
    Properties:
      DeploymentConfig:
        AutoRollbackConfiguration: {Alarms: [{AlarmName: bad}]}
        BlueGreenUpdatePolicy: {TrafficRoutingConfiguration: {Type: CANARY}}
  Bad:
    Type: AWS::CloudWatch::Alarm
    Properties: {ActionsEnabled: true}
"""


def test_monitors_guards_canaries_and_alarms_are_declared_with_what_switches_them_off() -> None:
    files = {"m.yaml": MONITOR}
    for capability in ("C38", "C44", "C43", "C35"):
        assert evidence(files, capability).outcome is Outcome.YES, capability
    bare = MONITOR.replace("Alarms: [{AlarmName: bad}]", "Alarms: []").replace(
        "ActionsEnabled: true", "ActionsEnabled: false"
    )
    bare = bare.replace("ScheduleExpression: cron(0 * ? * * *)", "").replace("Type: CANARY", "Type: ALL_AT_ONCE")
    for capability in ("C38", "C44", "C43", "C35"):
        assert evidence({"m.yaml": bare}, capability).outcome is not Outcome.YES, capability


def test_cdk_in_python_is_read_by_its_calls() -> None:
    stack = (
        "from aws_cdk import aws_codepipeline as codepipeline, aws_codepipeline_actions as actions\n\n"
        "def make(self):\n    codepipeline.Pipeline(self, 'P')\n    actions.ManualApprovalAction(action_name='ask')\n"
        "    actions.CloudFormationCreateUpdateStackAction(action_name='deploy')\n"
    )
    files = {"infra/stack.py": stack, "train.py": TRAIN}
    assert evidence(files, "C28").outcome is Outcome.YES
    assert evidence(files, "C48").outcome is Outcome.YES


def test_words_of_aws_in_prose_and_broken_templates_are_nothing() -> None:
    for text in (
        "AWS::CodePipeline::Pipeline\n",
        "Resources: [AWS::X]\n",
        "Resources: {A: {Type: 3}} # AWS::\n",
        "AWS:: {\n",
    ):
        assert [t for t in build(in_memory({"a.yaml": text})).tasks if t.ecosystem == "aws"] == []
