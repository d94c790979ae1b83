package org.krgboot.cli;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.apache.commons.net.tftp.TFTP;
import org.apache.commons.net.tftp.TFTPClient;
import org.krgboot.model.Ipv4;

/**
 * Fetches what a node fetches first from the running daemon. The client is Commons Net's, an
 * implementation that is not ours; it knows RFC 1350 only, so options are not tried here.
 */
final class TftpProbe {
  private static final List<String> FIRST_FILES =
      List.of("pxelinux.0", "ldlinux.c32", "pxelinux.cfg/default");
  private static final Duration PATIENCE = Duration.ofSeconds(2);

  private final Ipv4 server;
  private final int port;

  TftpProbe(Ipv4 server, int port) {
    this.server = server;
    this.port = port;
  }

  List<Finding> findings() {
    List<Finding> findings = new ArrayList<>();
    for (String file : FIRST_FILES) {
      findings.add(fetch(file));
    }
    return findings;
  }

  private Finding fetch(String file) {
    TFTPClient client = new TFTPClient();
    client.setDefaultTimeout(PATIENCE);
    client.setMaxTimeouts(3);
    try (OutputStream out = new ByteArrayOutputStream()) {
      client.open();
      int bytes = client.receiveFile(file, TFTP.BINARY_MODE, out, server.toInetAddress(), port);
      return Finding.ok("fetched " + file + " by TFTP: " + bytes + " bytes");
    } catch (IOException e) {
      return Finding.problem(
          "a node cannot fetch " + file + " by TFTP: " + e.getMessage(),
          "firmware fetches its boot loader so",
          "journalctl -u krgboot says why; let UDP port " + port + " through the firewall");
    } finally {
      client.close();
    }
  }
}
