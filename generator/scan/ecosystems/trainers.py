"""Programs that train, score or tune by a command of their own, without code in the tree."""

from __future__ import annotations

from generator.model.scan import Act
from generator.scan.signs import Sign, phrases

SIGNS = (
    Sign(
        act=Act.TRAINS,
        commands=phrases(
            """spacy train, yolo train, allennlp train, fairseq-train, onmt_train, onmt-main train, marian, rasa train,
            revscoring cv_train, revscoring train, axolotl train, llamafactory-cli train, autotrain, vw, xgboost,
            lightgbm, catboost fit, ludwig train, ludwig experiment, nnUNetv2_train, paddleocr train, tune run,
            ilab model train, mlx_lm.lora, kraken train, ketos train"""
        ),
    ),
    Sign(
        act=Act.EVALUATES,
        commands=phrases(
            """spacy evaluate, yolo val, allennlp evaluate, rasa test, revscoring test_model, revscoring model_info,
            lm_eval, sacrebleu, ludwig evaluate, comet-score, nnUNetv2_evaluate_folder, ilab model evaluate"""
        ),
    ),
    Sign(act=Act.PREPARES, commands=phrases("revscoring extract, fairseq-preprocess, onmt_build_vocab, spacy convert")),
    Sign(
        act=Act.PACKAGES, commands=phrases("spacy package, optimum-cli export, revscoring cv_train, revscoring train")
    ),
    Sign(act=Act.DEPLOYS, commands=phrases("anyscale service rollout, anyscale service deploy, mlem deployment run")),
    Sign(act=Act.DEPLOYS, commands=phrases("truss push, cog push, clearml-serving model, seldon model load")),
)
