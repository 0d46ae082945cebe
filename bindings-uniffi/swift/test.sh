#!/bin/sh
# Compiles the Swift package and runs its tests: `test.sh PACKAGE LIBRARIES`.
#
# PACKAGE is a folder that `cargo xtask bindings` made (target/packages/swift), LIBRARIES the folder with
# the compiled library.
set -eu
if ! command -v swift > /dev/null; then
    echo "swift isn't installed here: the Swift package was generated and checked, but not compiled" >&2
    exit 69
fi
cd "$1"
LD_LIBRARY_PATH="$2" DYLD_LIBRARY_PATH="$2" exec swift test -Xlinker "-L$2"
