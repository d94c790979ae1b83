package org.krgboot.it;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A node of real packets and no kernel: what firmware, boot loader and kernel ask for, in turn. */
record SimulatedNode(Shell shell, String mac) {
  static final String INTERFACE = "node0";

  private static final String FIRMWARE = "PXEClient:Arch:00000:UNDI:002001";
  private static final String KERNEL = "Linux ipconfig";

  /** Asks for an address as firmware does; false if it gets none. */
  boolean firmwareAsks(String... more) throws Exception {
    return asks(FIRMWARE, more);
  }

  /** The same as a kernel. */
  boolean kernelAsks() throws Exception {
    return asks(KERNEL);
  }

  private boolean asks(String vendorClass, String... more) throws Exception {
    Path script = Files.createTempFile("krgboot-node", ".sh");
    try {
      Files.writeString(
          script,
          """
          #!/bin/sh
          [ "$1" = bound ] || exit 0
          ip addr flush dev "$interface"
          ip addr add "$ip/24" dev "$interface"
          """);
      if (!script.toFile().setExecutable(true)) {
        throw new AssertionError(script + " cannot be made a program");
      }
      List<String> command = new ArrayList<>(List.of("udhcpc", "-f", "-n", "-q"));
      command.addAll(List.of("-t", "3", "-T", "2", "-i", INTERFACE, "-V", vendorClass));
      command.addAll(List.of("-s", script.toString()));
      command.addAll(List.of(more));
      return shell.run(command.toArray(String[]::new)).status() == 0;
    } finally {
      Files.delete(script);
    }
  }

  /** Fetches boot files by TFTP; what is refused is passed over. */
  void fetches(String... files) throws Exception {
    for (String file : files) {
      shell.run(
          "curl", "-sS", "-o", "/dev/null", "tftp://" + NodeNetwork.SERVER_ADDRESS + "/" + file);
    }
  }

  /** The same by HTTP. */
  void fetchesByHttp(String... files) throws Exception {
    for (String file : files) {
      shell.run(
          "curl", "-sS", "-o", "/dev/null", "http://" + NodeNetwork.SERVER_ADDRESS + "/" + file);
    }
  }

  /** Firmware, boot loader, and its configuration. */
  void loads() throws Exception {
    firmwareAsks();
    fetches("pxelinux.0", "pxelinux.cfg/default");
  }

  /** All that comes before the kernel's own doing. */
  void startsKernel(String kernel, String initrd) throws Exception {
    loads();
    fetchesByHttp("boot/" + kernel, "boot/" + initrd);
    kernelAsks();
  }

  /**
   * Mounts a root and reads files of it, as {@link NodeKernel} does.
   *
   * @return its lines
   */
  List<String> mounts(int version, String root, String... files) throws Exception {
    return lines(shell.run(kernel(version, root, files).toArray(String[]::new)).output());
  }

  /** Mounts a root and looks into it again and again, until {@code end} is there. */
  Process keepsReading(String root, Path end, Path output) throws IOException {
    List<String> command = new ArrayList<>(shell.prefix());
    command.addAll(kernel(3, root, "etc/fstab", "until:" + end));
    return new ProcessBuilder(command)
        .redirectErrorStream(true)
        .redirectOutput(output.toFile())
        .start();
  }

  static List<String> lines(String output) {
    return output
        .lines()
        .filter(line -> line.startsWith("> "))
        .map(line -> line.substring(2))
        .toList();
  }

  private static List<String> kernel(int version, String root, String... files) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-Xmx64m", "-XX:TieredStopAtLevel=1", "-cp"));
    command.add(System.getProperty("java.class.path"));
    command.addAll(List.of(NodeKernel.class.getName(), NodeNetwork.SERVER_ADDRESS));
    command.addAll(List.of("" + version, root));
    command.addAll(List.of(files));
    return command;
  }
}
