"""Preload: what the fork server holds ready, so that a worker it forks begins at once.

Importing this module loads what takes a worker a second: extraction, the language profiles and
the shipped rules. Other rules are compiled by each worker.
"""

import contextlib
import gc


def _preload() -> None:
    gc.disable()  # nothing of this is garbage, and looking for some takes a tenth of the time
    from trafilatura.external import jt_stoplist_init

    from pipelines import extract, read  # noqa: F401 - so that they are loaded
    from pipelines.language import detectors
    from pipelines.matching.errors import RuleError
    from pipelines.matching.ruleset import load_rules

    detectors()
    jt_stoplist_init()  # a tenth of a second, which the first doubtful page would pay
    with contextlib.suppress(RuleError):  # told by the process that asked for these rules
        load_rules()
    gc.freeze()  # nor will it be: the workers share it, and leave its memory alone
    gc.enable()


_preload()
