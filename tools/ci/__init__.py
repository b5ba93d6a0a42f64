"""The CI files of the generated projects, written for every provider from one description of the jobs."""
