@echo off
rem Start the app from this folder: no internet. Needs Python 3.11 or newer.
set HERE=%~dp0
if not exist "%HERE%venv\Scripts\planner.exe" (
  py -3 -m venv "%HERE%venv" || exit /b 1
  "%HERE%venv\Scripts\python.exe" -m pip install --quiet --disable-pip-version-check --no-index --find-links "%HERE%wheelhouse" gx-cluster-planner || exit /b 1
)
if exist "%HERE%data\MANIFEST.csv" if not exist "%HERE%store\layers" "%HERE%venv\Scripts\planner.exe" data pull --mirror "%HERE%data" --data-dir "%HERE%store"
"%HERE%venv\Scripts\planner.exe" serve --data-dir "%HERE%store"
