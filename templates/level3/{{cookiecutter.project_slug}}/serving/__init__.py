"""The served model: the same package answers requests here and is judged by the pipeline."""
