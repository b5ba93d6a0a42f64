"""The libraries that prepare data, train, score and save models, by their call sites."""

from __future__ import annotations

from generator.model.scan import Act
from generator.scan.signs import Sign, names, phrases

LEARNERS = names(
    """sklearn xgboost lightgbm catboost keras tensorflow torch pytorch_lightning lightning transformers statsmodels
    prophet fastai spacy flax jax pyspark.ml h2o autogluon tpot pycaret implicit surprise gensim sktime darts skorch
    ultralytics sentence_transformers trl peft pomegranate hmmlearn lifelines river"""
)
TRANSFORMS = names(
    """sklearn.feature_extraction.* sklearn.preprocessing.* sklearn.impute.* sklearn.compose.* sklearn.decomposition.*
    sklearn.feature_selection.* keras.preprocessing.* tensorflow.keras.preprocessing.* tensorflow.keras.layers.*"""
)
SIGNS = (
    Sign(
        act=Act.TRAINS,
        beside=LEARNERS,
        unless=TRANSFORMS,
        calls=names(
            """*.fit *.backward *.train_on_batch *.partial_fit *.fit_generator xgboost.train lightgbm.train
            *.Trainer.train *.train_and_evaluate *.fine_tune *.fit_one_cycle pycaret.*.create_model
            ultralytics.YOLO.train *.SFTTrainer.train"""
        ),
    ),
    Sign(
        act=Act.TRAINS,
        commands=phrases(
            """spacy train, rasa train, allennlp train, fairseq-train, yolo train, fasttext supervised, onmt_train,
            marian, revscoring cv_train, tune run, axolotl train, llamafactory-cli train, nnUNetv2_train,
            aws sagemaker create-training-job, gcloud ai custom-jobs create, az ml job create, accelerate launch"""
        ),
    ),
    Sign(
        act=Act.PREPARES,
        beside=(*LEARNERS, "pandas", "polars", "pyspark"),
        calls=names(
            """sklearn.model_selection.train_test_split sklearn.preprocessing.* sklearn.impute.* sklearn.compose.*
            sklearn.feature_extraction.* sklearn.decomposition.* sklearn.feature_selection.*
            pandas.get_dummies *.fillna *.dropna *.drop_duplicates *.to_parquet *.to_csv *.groupby"""
        ),
    ),
    Sign(
        act=Act.EVALUATES,
        beside=(*LEARNERS, "torchmetrics", "evaluate"),
        calls=names("sklearn.metrics.* *.evaluate torchmetrics.* evaluate.load sklearn.model_selection.cross_val*"),
    ),
    Sign(
        act=Act.PACKAGES,
        calls=names(
            """joblib.dump pickle.dump cloudpickle.dump dill.dump torch.save torch.jit.save torch.onnx.export skl2onnx.*
            onnx.save* tf2onnx.* bentoml.*.save_model tensorflow.saved_model.save"""
        ),
    ),
    Sign(act=Act.PACKAGES, beside=LEARNERS, calls=names("*.save_model *.save_pretrained *.save_weights")),
    Sign(
        act=Act.READS_PARAMETERS,
        calls=names(
            """hydra.main hydra.compose omegaconf.OmegaConf.load yaml.safe_load yaml.load tomllib.load* tomli.load*
            configparser.ConfigParser.read box.ConfigBox ruamel.yaml.YAML.load"""
        ),
    ),
    Sign(act=Act.SHARES_FEATURES, calls=names("sklearn.pipeline.*")),
)
