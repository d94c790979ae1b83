package org.krgboot.lab;

import java.util.List;

/** How the lab starts the boot server that it is to try. */
public interface DaemonLauncher {
  /**
   * The command line of the server, in the foreground, serving on {@link LabNetwork#BRIDGE}. It is
   * run inside the network; TERM ends it.
   */
  List<String> command(LabNetwork network);

  /** True as soon as it serves. Asked ten times a second; never throws. */
  boolean isReady();
}
