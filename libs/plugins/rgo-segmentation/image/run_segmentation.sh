#!/bin/sh
# Usage: run_segmentation.sh INPUTS OUTPUTS
set -eu
exec python3 /app/segment.py "$@"
