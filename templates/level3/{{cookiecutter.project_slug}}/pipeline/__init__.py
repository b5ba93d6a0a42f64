"""The pipeline: acquire, validate, prepare, train, evaluate, package; `dvc repro` runs what changed."""
