"""Jenkins: both dialects, comments and strings told apart, conditions that are never true."""

from __future__ import annotations

from generator.model.scan import Act, Task, Trigger
from generator.scan.api import build
from generator.scan.ecosystems.jenkins import read
from generator.scan.snapshot import in_memory
from tests.scan.worlds import acts

DECLARATIVE = """\
pipeline {
  agent any
  triggers { cron('H 4 * * *') }
  stages {
    stage('Test') { steps { sh 'pytest' } }
    // stage('Old') { steps { sh 'dvc repro' } }
    stage('Off') { when { expression { return false } } steps { sh 'terraform apply' } }
    stage('Ship') {
      steps {
        input message: 'go?'
        sh \"\"\"
          echo "kubectl delete"
          kubectl apply -f k8s
        \"\"\"
      }
    }
  }
}
"""


def tasks(files: dict[str, str]) -> dict[str, Task]:
    return {task.name: task for task in build(in_memory(files)).tasks if task.ecosystem == "jenkins"}


def test_stages_of_a_declarative_pipeline_run_with_their_lines() -> None:
    assert acts({"Jenkinsfile": DECLARATIVE}) == {(Act.TESTS, "Jenkinsfile", 5), (Act.DEPLOYS, "Jenkinsfile", 13)}


def test_a_schedule_and_an_approval_are_seen() -> None:
    found = tasks({"Jenkinsfile": DECLARATIVE})
    assert Trigger.SCHEDULE in found["Test"].triggers
    assert (found["Test"].approved, found["Ship"].approved) == (False, True)


def test_a_scripted_pipeline_is_read_too() -> None:
    text = "node {\n  stage('Build') {\n    sh script: 'dvc repro', returnStatus: true\n  }\n}\n"
    assert (Act.RUNS_PIPELINE, "ci/Jenkinsfile.nightly", 3) in acts({"ci/Jenkinsfile.nightly": text})
    assert tasks({"Jenkinsfile": text})["Build"].commands[0].swallowed


def test_a_commented_schedule_is_none() -> None:
    text = DECLARATIVE.replace("  triggers {", "  // triggers {")
    assert Trigger.SCHEDULE not in tasks({"Jenkinsfile": text})["Test"].triggers


def test_broken_groovy_hides_only_itself() -> None:
    assert acts({"Jenkinsfile": "stage('a') { sh 'pytest' }}}}} {{{ stage('b') { sh \"\"\" never closed"}) == {
        (Act.TESTS, "Jenkinsfile", 1)
    }


def test_a_step_with_named_arguments_is_read_by_its_script_and_tells_its_environment() -> None:
    text = "pipeline { stages { stage('go') { steps { sh label: 'Tests', script: 'pytest --environment staging' } } } }"
    (task,) = (fact for fact in read(in_memory({"Jenkinsfile": text.encode()})) if isinstance(fact, Task))
    assert [command.words for command in task.commands] == [("pytest", "--environment", "staging")]
    assert task.environment == "staging"
