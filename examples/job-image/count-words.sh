#!/bin/sh
# count-words <inputs> <outputs>: beside each file, how many words it has.
set -eu
cd "$1"
find . -type f -exec sh -eu -c '
  for name do
    mkdir -p "$0/${name%/*}"
    wc -w < "$name" > "$0/$name.words"
  done
' "$2" {} +
