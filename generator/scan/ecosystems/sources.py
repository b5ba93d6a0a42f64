"""Where data comes from by code: databases, object stores, data hubs."""

from __future__ import annotations

from generator.model.scan import Act
from generator.scan.signs import Sign, names, phrases

SIGNS = (
    Sign(
        act=Act.ACQUIRES,
        calls=names(
            """requests.get httpx.get urllib.request.urlretrieve urllib.request.urlopen boto3.* pandas.read_sql*
            sqlalchemy.create_engine sklearn.datasets.fetch_* kaggle.* google.cloud.storage.* google.cloud.bigquery.*
            psycopg2.connect pymongo.* datasets.load_dataset gdown.download s3fs.* tensorflow_datasets.load
            torchvision.datasets.* snowflake.connector.connect ucimlrepo.* yfinance.* pyodbc.connect
            huggingface_hub.hf_hub_download huggingface_hub.snapshot_download duckdb.connect pyspark.sql.*"""
        ),
        commands=phrases("wget, curl -O, curl -o, aws s3 cp, aws s3 sync, gsutil cp, kaggle datasets download"),
    ),
)
