package org.krgboot.cli;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.krgboot.lab.TftpLoad;
import org.krgboot.settings.SettingParsers;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code krgboot bench tftp}: many clients fetch one file; the content is checked. */
@Command(
    name = "tftp",
    mixinStandardHelpOptions = true,
    description = {
      "Fetches a file by TFTP with many clients at once from any server, some rounds of it, and prints the",
      "median round. Every content is checked. Loss is simulated in the clients, in both directions."
    },
    footer = {
      "",
      "Examples:",
      "  krgboot bench tftp 10.11.12.1 boot/initrd.img --clients 8 --window 16",
      "  krgboot bench tftp 127.0.0.1:6969 f --loss 1 --server-pid $(pidof in.tftpd)",
      "",
      "Exit: 0 every client got the file, 1 not."
    })
final class BenchTftpCommand implements Callable<Integer> {
  private static final int TFTP = 69;

  /** USER_HZ of Linux, in which /proc tells processor time (proc(5)). */
  private static final double TICKS_PER_SECOND = 100;

  private static final double GIB = 1 << 30;

  @Parameters(index = "0", paramLabel = "SERVER", description = "address, or address:port")
  String server = "";

  @Parameters(index = "1", paramLabel = "FILE", description = "as nodes would ask for it")
  String file = "";

  @Option(names = "--clients", paramLabel = "N", defaultValue = "1", description = "default: 1")
  int clients;

  @Option(
      names = "--blksize",
      paramLabel = "N",
      defaultValue = "1468",
      description = "default: 1468")
  int blockSize;

  @Option(names = "--window", paramLabel = "N", defaultValue = "1", description = "default: 1")
  int window;

  @Option(
      names = "--loss",
      paramLabel = "PERCENT",
      defaultValue = "0",
      description = "of the packets of each direction (default: 0)")
  double loss;

  @Option(
      names = "--pause",
      paramLabel = "MS",
      defaultValue = "1000",
      description = "a client without an answer asks again after this (default: 1000)")
  int pause;

  @Option(
      names = "--rounds",
      paramLabel = "N",
      defaultValue = "3",
      description = "after one that is not counted, unless it is the only one (default: 3)")
  int rounds;

  @Option(names = "--sha256", paramLabel = "HEX", description = "what the content must be")
  @Nullable String sha256;

  @Option(
      names = "--server-pid",
      paramLabel = "PID",
      description = "tells the server's processor time and memory too")
  @Nullable Long serverPid;

  @Option(
      names = "--server-cgroup",
      paramLabel = "DIR",
      description = "counts the processor time of all in it, ended children of the server too")
  @Nullable Path serverCgroup;

  @Override
  public Integer call() throws InterruptedException {
    TftpLoad.Wish wish;
    try {
      atLeast(1, "--clients", clients);
      atLeast(1, "--rounds", rounds);
      atLeast(1, "--pause", pause);
      if (!(loss >= 0 && loss <= 100)) {
        throw new IllegalArgumentException("--loss " + loss + ": must be between 0 and 100");
      }
      wish =
          new TftpLoad.Wish(
              address(),
              file,
              new TftpLoad.Shape(blockSize, window),
              loss,
              Duration.ofMillis(pause),
              30);
    } catch (IllegalArgumentException e) {
      System.err.println("krgboot: " + e.getMessage());
      return 1;
    }
    if (rounds > 1) {
      TftpLoad.run(clients, wish, 0); // for both sides' compilers and caches
    }
    double before = processorSeconds();
    List<TftpLoad.Outcome> all = new ArrayList<>();
    for (int i = 1; i <= rounds; i++) {
      all.add(TftpLoad.run(clients, wish, 1000L * i));
    }
    return print(all, processorSeconds() - before);
  }

  private static void atLeast(int least, String option, int value) {
    if (value < least) {
      throw new IllegalArgumentException(option + " " + value + ": must be at least " + least);
    }
  }

  private InetSocketAddress address() {
    int colon = server.indexOf(':');
    String host = colon < 0 ? server : server.substring(0, colon);
    int port = colon < 0 ? TFTP : SettingParsers.port(server.substring(colon + 1));
    return new InetSocketAddress(org.krgboot.model.Ipv4.parse(host).toInetAddress(), port);
  }

  private int print(List<TftpLoad.Outcome> all, double processor) {
    List<TftpLoad.Outcome> sorted =
        all.stream()
            .sorted(Comparator.comparingDouble(TftpLoad.Outcome::megabytesPerSecond))
            .toList();
    TftpLoad.Outcome median = sorted.get(sorted.size() / 2);
    System.out.printf(
        Locale.ROOT,
        "%.1f MB/s; p50 %.2f s, p99 %.2f s; %d requests repeated, %d waits in vain, %d blocks twice",
        median.megabytesPerSecond(),
        median.seconds(0.5),
        median.seconds(0.99),
        median.repeatedRequests(),
        median.waits(),
        median.again());
    if (serverPid != null) {
      double bytes = all.stream().mapToLong(TftpLoad.Outcome::bytes).sum();
      System.out.printf(
          Locale.ROOT, "; server %.2f CPU s/GiB, %s", processor / (bytes / GIB), memory());
    }
    System.out.println();
    boolean good = true;
    for (TftpLoad.Outcome outcome : all) {
      boolean other = sha256 != null && !sha256.equals(outcome.sha256());
      good &= outcome.failures().isEmpty() && !other;
      outcome.failures().forEach((what, count) -> System.out.println("  " + count + " x " + what));
      if (other) {
        System.out.println("  the content is " + outcome.sha256() + ", not " + sha256);
      }
    }
    return good ? 0 : 1;
  }

  /** Of the process, its threads and those of its children that have ended. */
  private double processorSeconds() {
    if (serverPid == null) {
      return 0;
    }
    try {
      if (serverCgroup != null) {
        return cgroupSeconds(serverCgroup);
      }
      String stat = Files.readString(Path.of("/proc/" + serverPid + "/stat"));
      String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
      long ticks = 0;
      for (int i = 11; i <= 14; i++) { // utime, stime, cutime, cstime
        ticks += Long.parseLong(fields[i]);
      }
      return ticks / TICKS_PER_SECOND;
    } catch (IOException e) {
      return Double.NaN; // no such process
    }
  }

  /** Linux's Documentation: admin-guide/cgroup-v1/cpuacct.rst, admin-guide/cgroup-v2.rst. */
  private static double cgroupSeconds(Path cgroup) throws IOException {
    Path first = cgroup.resolve("cpuacct.usage");
    if (Files.exists(first)) {
      return Long.parseLong(Files.readString(first).strip()) / 1e9;
    }
    return Files.readAllLines(cgroup.resolve("cpu.stat")).stream()
        .filter(line -> line.startsWith("usage_usec "))
        .mapToDouble(line -> Long.parseLong(line.substring("usage_usec ".length())) / 1e6)
        .sum();
  }

  private String memory() {
    try {
      return Files.readAllLines(Path.of("/proc/" + serverPid + "/status")).stream()
          .filter(line -> line.startsWith("VmHWM"))
          .map(line -> line.replaceAll("\\s+", " "))
          .findFirst()
          .orElse("");
    } catch (IOException e) {
      return "";
    }
  }
}
