"""Preload: what the fork server holds ready, so that a worker it forks begins at once.

Importing this module loads what takes a worker a second: extraction, the language profiles and
the shipped rules. Other rules are compiled by each worker.
"""

import contextlib

from pipelines import extract, read
from pipelines.language import detectors
from pipelines.matching.errors import RuleError
from pipelines.matching.ruleset import load_rules

__all__ = ["extract", "read"]

detectors()
with contextlib.suppress(RuleError):  # told by the process that asked for these rules
    load_rules()
