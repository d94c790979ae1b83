package org.krgboot.cli;

import io.netty.util.ResourceLeakDetector;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.krgboot.daemon.Daemon;
import org.krgboot.dhcp.Network;
import org.krgboot.linux.Systemd;
import org.krgboot.settings.ConfigFiles;
import org.krgboot.settings.Settings;
import org.krgboot.settings.SettingsException;
import org.krgboot.settings.SettingsSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code krgboot serve}: runs the daemon until it is told to stop. */
@Command(
    name = "serve",
    mixinStandardHelpOptions = true,
    description = {
      "Serves the nodes: DHCP, boot files by TFTP and HTTP, the node root by NFSv3.",
      "Without flags it takes the only interface that has a private address, /NFSROOT/kerrighed as node",
      "root, and the newest kernel with its initrd from there."
    },
    footer = {
      "",
      "Examples:",
      "  krgboot serve --interface eth1",
      "  krgboot serve --interface eth1 --range 10.11.12.101-10.11.12.115 --append session_id=1",
      "  krgboot serve --only tftp --listen 127.0.0.1 --tftp-port 6969 --tftp-root . --state-dir /tmp/k",
      "",
      "Exit: 0 stopped by a signal, 1 could not start (one line says why), 2 wrong settings."
    })
final class ServeCommand implements Callable<Integer> {
  private static final Logger log = LoggerFactory.getLogger("krgboot");

  @Mixin ServeOptions options = new ServeOptions();

  @Override
  public Integer call() {
    // Samples of buffers' lives are for the tests; here they cost a fiftieth of the processor.
    ResourceLeakDetector.setLevel(ResourceLeakDetector.Level.DISABLED);
    Settings settings;
    SettingsSource source;
    ConfigFiles files;
    try {
      source = options.source();
      files = source.files();
      settings = source.read(files);
    } catch (SettingsException e) {
      System.err.println(e.getMessage());
      return switch (e.cause()) {
        case SETTINGS -> 2;
        case MACHINE -> 1; // the service tries again: an interface may be slower than we are
      };
    }
    Daemon daemon = started(settings, source, files);
    if (daemon == null) {
      return 1;
    }
    ServiceNotices notices =
        new ServiceNotices(
            Systemd::notify,
            new ServiceNotices.Subject(daemon::silentServers, () -> daemon.nodeCount().toString()),
            System.getenv());
    stopOnSignal(daemon, notices);
    HangUp.heard(() -> {
      notices.reloading();
      daemon.reload("SIGHUP");
      notices.reloaded();
    });
    tell(settings);
    notices.ready();
    try {
      new CountDownLatch(1).await(); // the signal's hook ends the process
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    return 0;
  }

  private static @Nullable Daemon started(
      Settings settings, SettingsSource source, ConfigFiles files) {
    try {
      return Daemon.start(settings, source, files);
    } catch (IOException e) {
      System.err.println("krgboot cannot start: " + e.getMessage());
      problems(settings, Finding.Level.PROBLEM)
          .forEach(finding -> System.err.println("  " + finding.what() + "; " + finding.remedy()));
      return null;
    }
  }

  private static List<Finding> problems(Settings settings, Finding.Level least) {
    return BootReadiness.of(settings).stream()
        .filter(finding -> finding.level().compareTo(least) >= 0)
        .toList();
  }

  private static void stopOnSignal(Daemon daemon, ServiceNotices notices) {
    Runtime.getRuntime()
        .addShutdownHook(
            new Thread(
                () -> {
                  notices.close();
                  daemon.close();
                  log.info("stopped");
                  // A stop that was asked for is a success, whatever signal asked.
                  Runtime.getRuntime().halt(0);
                },
                "stop"));
  }

  private static void tell(Settings settings) {
    problems(settings, Finding.Level.WARNING)
        .forEach(finding -> log.warn("{}; {}", finding.what(), finding.remedy()));
    settings.dhcp().ifPresent(ServeCommand::tell);
    settings
        .tftp()
        .ifPresent(tftp ->
            log.info(
                "tftp on {} port {}: {}", tftp.listen(), tftp.port(), settings.files().root()));
    settings
        .http()
        .ifPresent(http -> log.info("http on {} port {}: the same", http.listen(), http.port()));
    settings
        .nfs()
        .map(Settings.Nfs::config)
        .ifPresent(nfs ->
            log.info(
                "nfs on {} port {} (mount {}, portmap {}): {}",
                nfs.listen(),
                nfs.nfsPort(),
                nfs.mountPort(),
                nfs.portmapPort(),
                nfs.exports().stream()
                    .map(export -> export.path().toString())
                    .collect(Collectors.joining(", "))));
    settings.nfs().ifPresent(nfs -> nfs.notes().forEach(note -> log.warn("{}", note)));
    log.info("ready");
  }

  private static void tell(Settings.Dhcp dhcp) {
    for (Network network : dhcp.config().networks()) {
      log.info(
          "dhcp {} port {}: {}, nodes get {}",
          dhcp.listen().links().stream()
              .filter(link -> network.isOurs() && link.address().equals(network.server()))
              .findFirst()
              .map(link -> "on " + link.interfaceName().orElse(link.address().toString()))
              .orElse("behind relays"),
          dhcp.listen().port(),
          network,
          switch (dhcp.mode()) {
            case FULL ->
                network.ranges().isEmpty() ? "their own addresses" : network.ranges().toString();
            case PROXY -> "their boot file, and their addresses from another server";
          });
    }
    dhcp.notes().forEach(note -> log.warn("{}", note));
  }
}
