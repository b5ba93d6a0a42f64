"""Libraries that hold data to a schema or to expectations."""

from __future__ import annotations

from generator.model.scan import Act
from generator.scan.signs import Sign, names, phrases

SIGNS = (
    Sign(
        act=Act.VALIDATES_DATA,
        calls=names(
            """pandera.* great_expectations.* tensorflow_data_validation.validate_* pointblank.* deepchecks.*
            soda.scan.* cerberus.Validator* evidently.test_suite.* frictionless.* whylogs.core.constraints.*
            pydeequ.* dataframely.* patito.*"""
        ),
        commands=phrases(
            "great_expectations checkpoint run, soda scan, frictionless validate, gx checkpoint run, dbt test"
        ),
        packages=names(
            """pandera great-expectations tensorflow-data-validation pointblank deepchecks soda-core cerberus pydeequ
            frictionless dataframely patito"""
        ),
    ),
    Sign(act=Act.VALIDATES_DATA, calls=names("jsonschema.validate pydantic.BaseModel"), beside=names("pandas polars")),
)
