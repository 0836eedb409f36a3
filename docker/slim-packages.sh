#!/bin/sh
# Takes from the installed packages what no program reads when it runs: types, maps, sources, pages; and npm's own list, which says where they came from.
set -eu
rm -f package.json package-lock.json .npmrc
cd node_modules
rm -rf .package-lock.json .bin
find . -type f \( -name '*.d.ts' -o -name '*.d.mts' -o -name '*.d.cts' -o -name '*.map' -o -name '*.md' -o -name '*.markdown' \
  -o -name '*.tsbuildinfo' \) -delete
find . -type d \( -name dist-types -o -name '.github' \) -prune -exec rm -rf {} +
find . -type d -empty -delete
