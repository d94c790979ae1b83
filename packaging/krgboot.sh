#!/bin/sh
# krgboot with the Java runtime of its package.
home=$(readlink -f "$0")
home=${home%/bin/*}
case ${1:-} in serve | bench) tier=4 ;; *) tier=1 ;; esac
# shellcheck disable=SC2086 # options are words
exec "$home/runtime/bin/java" @"$home/lib/java-options" -XX:TieredStopAtLevel=$tier \
  -XX:SharedArchiveFile="$home/lib/krgboot.jsa" -Djava.library.path="$home/lib/native" -Dorg.sqlite.lib.path="$home/lib/native" \
  ${KRGBOOT_JAVA_OPTS:-} -jar "$home/lib/krgboot.jar" "$@"
