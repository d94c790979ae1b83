package org.krgboot.daemon;

import java.io.IOException;
import java.net.BindException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Says which process holds a port, from /proc. Linux only; without the right to look, it guesses
 * nothing.
 */
public final class PortHolder {
  private static final Pattern ADDRESS_AND_PORT = Pattern.compile("([0-9.]+):([0-9]+)");
  private static final int FIRST_FREE_PORT = 1024;

  private PortHolder() {}

  /** The failed bind with the reason and the remedy, in one message. */
  static String explain(BindException failure) {
    String message = String.valueOf(failure.getMessage());
    Matcher matcher = ADDRESS_AND_PORT.matcher(message);
    if (!matcher.find()) {
      return message;
    }
    int port = Integer.parseInt(matcher.group(2));
    String user = System.getProperty("user.name");
    if (message.contains("ermission") && port < FIRST_FREE_PORT) {
      return message
          + ": user "
          + user
          + " may not use ports below 1024; start as root, or give the"
          + " process CAP_NET_BIND_SERVICE, or choose other ports";
    }
    // A web server may well have the port; nodes can do without ours.
    String more =
        message.contains("HTTP") ? " with --http-port, or leave HTTP out with --http-port 0" : "";
    return of(port)
        .map(holder ->
            message
                + ": the port is held by "
                + holder
                + "; stop it, or choose another port"
                + more)
        .orElse(
            message
                + ": another process holds the port; `ss -lntup sport = :"
                + port
                + "` as root names it");
  }

  /**
   * The process that holds a UDP port or listens on a TCP port: "dnsmasq (pid 312, user dnsmasq)".
   */
  public static Optional<String> of(int port) {
    return processOf(port).map(PortHolder::describe);
  }

  /** The systemd service of that process, "tftpd-hpa.service". */
  public static Optional<String> unitOf(int port) {
    return processOf(port).flatMap(PortHolder::unit);
  }

  private static Optional<Path> processOf(int port) {
    Set<String> inodes = new HashSet<>();
    for (String table : List.of("udp", "udp6", "tcp", "tcp6")) {
      inodes.addAll(inodes(Path.of("/proc/net", table), port));
    }
    if (inodes.isEmpty()) {
      return Optional.empty();
    }
    try (DirectoryStream<Path> processes = Files.newDirectoryStream(Path.of("/proc"), "[0-9]*")) {
      for (Path process : processes) {
        if (holds(process, inodes)) {
          return Optional.of(process);
        }
      }
    } catch (IOException e) {
      return Optional.empty();
    }
    return Optional.empty();
  }

  /** Socket inodes bound to the port; of TCP only those that listen (state 0A). See proc(5). */
  private static Set<String> inodes(Path table, int port) {
    Set<String> inodes = new HashSet<>();
    String portInHex = String.format(":%04X", port);
    boolean tcp = table.getFileName().toString().startsWith("tcp");
    try {
      for (String line : Files.readAllLines(table)) {
        String[] fields = line.strip().split("\\s+", -1);
        if (fields.length > 9
            && fields[1].endsWith(portInHex)
            && (!tcp || fields[3].equals("0A"))) {
          inodes.add("socket:[" + fields[9] + "]");
        }
      }
    } catch (IOException e) {
      return Set.of();
    }
    return inodes;
  }

  private static boolean holds(Path process, Set<String> inodes) {
    try (DirectoryStream<Path> descriptors = Files.newDirectoryStream(process.resolve("fd"))) {
      for (Path descriptor : descriptors) {
        if (inodes.contains(Files.readSymbolicLink(descriptor).toString())) {
          return true;
        }
      }
    } catch (IOException e) {
      return false; // it ended meanwhile, or is not ours to look at
    }
    return false;
  }

  private static String describe(Path process) {
    try {
      return Files.readString(process.resolve("comm")).strip()
          + " (pid "
          + process.getFileName()
          + ", user "
          + Files.getOwner(process)
          + ")";
    } catch (IOException e) {
      return "a process that has just ended"; // between two looks
    }
  }

  /** Its control group says so, cgroups(7): "0::/system.slice/tftpd-hpa.service". */
  private static Optional<String> unit(Path process) {
    try {
      return Files.readAllLines(process.resolve("cgroup")).stream()
          .map(line -> line.substring(line.lastIndexOf('/') + 1))
          .filter(name -> name.endsWith(".service"))
          .findFirst();
    } catch (IOException e) {
      return Optional.empty();
    }
  }
}
