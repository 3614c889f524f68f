"""Runs exported scripts one after the other in one process, for Keras takes seconds to begin.

keras_scripts.py FOLDER...: in each, `m.py other.csv q.csv`.
"""
import os
import runpy
import sys
import traceback

os.environ["KERAS_BACKEND"] = "jax"
folders, failed = sys.argv[1:], False
start = os.getcwd()
for folder in folders:
    os.chdir(os.path.join(start, folder))
    sys.argv = ["m.py", "other.csv", "q.csv"]
    try:
        runpy.run_path("m.py", run_name="__main__")
    except Exception:
        traceback.print_exc()
        failed = True
sys.exit(failed)
