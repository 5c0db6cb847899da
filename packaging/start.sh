#!/bin/sh
# Start the app from this folder: no internet, nothing outside this folder is written. Needs Python 3.11 or newer.
set -e
here=$(cd "$(dirname "$0")" && pwd)
python=${PYTHON:-python3}
if [ ! -x "$here/venv/bin/planner" ]; then
  "$python" -m venv "$here/venv"
  "$here/venv/bin/python" -m pip install --quiet --disable-pip-version-check --no-index --find-links "$here/wheelhouse" gx-cluster-planner
fi
if [ -f "$here/data/MANIFEST.csv" ] && [ ! -d "$here/store/layers" ]; then
  "$here/venv/bin/planner" data pull --mirror "$here/data" --data-dir "$here/store" || true
fi
exec "$here/venv/bin/planner" serve --data-dir "$here/store"
