"""lifetimes' BG/NBD and Gamma-Gamma on the columns of an npz file, `fit.py FILE WEEKS`; prints what it took."""

from __future__ import annotations

import json
import sys
import time
import warnings

warnings.filterwarnings("ignore")

import numpy as np  # noqa: E402
import pandas as pd  # noqa: E402
from lifetimes import BetaGeoFitter, GammaGammaFitter  # noqa: E402

table = pd.DataFrame(dict(np.load(sys.argv[1])))
start = time.process_time()
counts = BetaGeoFitter().fit(table.x, table.t_x, table["T"])
repeaters = table[table.repeat_n > 0]
money = GammaGammaFitter().fit(repeaters.repeat_n, repeaters.repeat_mean)
fitted = time.process_time()
expected = counts.conditional_expected_number_of_purchases_up_to_time(
    float(sys.argv[2]), table.x, table.t_x, table["T"]
)
took = {"fit": fitted - start, "predict": time.process_time() - fitted, "expected": float(expected.sum())}
print(json.dumps(took))
