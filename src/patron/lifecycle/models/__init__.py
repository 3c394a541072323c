"""Models: one file is one model is its formula; `catalogue.py` names them all."""
