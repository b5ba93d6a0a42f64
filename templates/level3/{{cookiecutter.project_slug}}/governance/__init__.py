"""Governance: the audit log, the model card and the approval of a release."""
