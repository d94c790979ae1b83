package org.krgboot.cli;

/** Whether a daemon with these settings runs on this machine. */
enum Presence {
  RUNS,
  RUNS_NOT
}
