"""Experiment trackers and model registries other than MLflow."""

from __future__ import annotations

from generator.model.scan import Act
from generator.scan.signs import Sign, names

SIGNS = (
    Sign(
        act=Act.TRACKS,
        calls=names(
            """wandb.init wandb.log wandb.init.log comet_ml.Experiment comet_ml.start neptune.init* clearml.Task.init
            aim.Run* sacred.Experiment* trackio.* *.loggers.WandbLogger *.loggers.MLFlowLogger *.loggers.CometLogger
            *.loggers.NeptuneLogger"""
        ),
        packages=names("wandb comet-ml neptune clearml aim sacred trackio"),
    ),
    Sign(
        act=Act.LOGS_PARAMETERS,
        calls=names("wandb.config.update clearml.Task.connect clearml.Task.init.connect comet_ml.*.log_parameter*"),
    ),
    Sign(act=Act.LOGS_PARAMETERS, calls=names("wandb.init trackio.init"), keywords=names("config")),
    Sign(
        act=Act.REGISTERS,
        calls=names("wandb.*log_artifact wandb.*link_artifact wandb.*link_model clearml.OutputModel* hopsworks.*"),
    ),
    Sign(
        act=Act.REGISTERS,
        calls=names("*.push_to_hub huggingface_hub.*upload_*"),
        beside=names("transformers huggingface_hub"),
    ),
)
