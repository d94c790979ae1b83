package org.krgboot.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.krgboot.bootfiles.KernelChoice;
import org.krgboot.daemon.AdminClient;
import org.krgboot.nfs.Export;
import org.krgboot.settings.Settings;

/** The whole machine as it is now; through the daemon if it runs. */
final class MachineCheck {
  private final Settings settings;
  private final Presence daemon;

  MachineCheck(Settings settings) {
    this.settings = settings;
    this.daemon = presence(settings.apiSocket());
  }

  private static Presence presence(Path socket) {
    try (AdminClient client = new AdminClient(socket)) {
      client.counters();
      return Presence.RUNS;
    } catch (IOException e) {
      return Presence.RUNS_NOT;
    }
  }

  List<Finding> findings() {
    List<Finding> findings = new ArrayList<>(BootReadiness.of(settings));
    if (settings.tftp().isPresent() || settings.http().isPresent()) {
      findings.add(BootReadiness.uefi(settings.files()));
      findings.addAll(
          RootCheck.of(settings.bootEntry().nodeRoot(), KernelChoice.of(settings.bootEntry()))
              .findings());
    }
    findings.addAll(exports());
    findings.addAll(new HostCheck(settings).findings());
    switch (daemon) {
      case RUNS -> findings.add(Finding.ok("the daemon runs (" + settings.apiSocket() + ")"));
      case RUNS_NOT -> {
        findings.add(Finding.ok("no daemon runs yet"));
        findings.addAll(PortCheck.findings(settings));
      }
    }
    findings.addAll(new NetworkCheck(settings, daemon).findings());
    switch (daemon) {
      case RUNS -> findings.addAll(throughTheDaemon());
      case RUNS_NOT -> {}
    }
    return findings;
  }

  /** What is mounted by nodes; the daemon starts only if all of it is there. */
  private List<Finding> exports() {
    List<Finding> findings = new ArrayList<>();
    settings
        .nfs()
        .ifPresent(nfs -> {
          for (Export export : nfs.config().exports()) {
            if (!Files.isDirectory(export.path())) {
              findings.add(
                  Finding.problem(
                      "the export " + export.path() + " is not there",
                      "the NFS server starts only with all of its exports",
                      "mkdir -p " + export.path() + ", or take it out of the exports file"));
            }
          }
          nfs.notes()
              .forEach(note ->
                  findings.add(
                      Finding.warning(
                          note.toString(),
                          "it is accepted, and may not mean what it meant elsewhere",
                          "docs/supported/exports.md has every option")));
        });
    return findings;
  }

  /** As a node would, by clients that are not ours where there are such. */
  private List<Finding> throughTheDaemon() {
    List<Finding> findings = new ArrayList<>();
    settings
        .tftp()
        .ifPresent(
            tftp -> findings.addAll(new TftpProbe(settings.server(), tftp.port()).findings()));
    settings
        .http()
        .ifPresent(
            http -> findings.addAll(new HttpProbe(settings.server(), http.port()).findings()));
    settings
        .nfs()
        .ifPresent(nfs ->
            findings.addAll(
                new NfsProbe(settings.server(), nfs.config())
                    .findings(settings.bootEntry().nodeRoot().toString())));
    return findings;
  }
}
