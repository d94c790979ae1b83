package org.krgboot.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.krgboot.settings.Settings;
import org.krgboot.settings.SettingsException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code krgboot check}: what would keep nodes from booting, told before they are switched on. */
@Command(
    name = "check",
    mixinStandardHelpOptions = true,
    description = {
      "Looks at this machine as serve with the same flags would use it: ports and who holds them, node root,",
      "boot loader, files of boot entries, other DHCP servers. Where the daemon runs, it asks it by DHCP, TFTP",
      "and HTTP as a node would."
    },
    footer = {
      "",
      "Example:",
      "  krgboot check --interface eth1",
      "",
      "Exit: 0 all well, 1 a problem, 2 wrong settings."
    })
final class CheckCommand implements Callable<Integer> {
  @Mixin ServeOptions options = new ServeOptions();

  @Override
  public Integer call() {
    Settings settings;
    try {
      settings = options.settings();
    } catch (SettingsException e) {
      System.err.println(e.getMessage());
      return 2;
    }
    List<Finding> findings = new ArrayList<>(BootReadiness.of(settings));
    if (settings.tftp().isPresent() || settings.http().isPresent()) {
      findings.add(BootReadiness.uefi(settings.files()));
    }
    findings.addAll(new MachineCheck(settings).findings());
    for (Finding finding : findings) {
      System.out.printf(
          "%-8s %s%n", finding.level().name().toLowerCase(java.util.Locale.ROOT), finding.what());
      if (!finding.remedy().isEmpty()) {
        System.out.println("         -> " + finding.remedy());
      }
    }
    return findings.stream().anyMatch(f -> f.level() == Finding.Level.PROBLEM) ? 1 : 0;
  }
}
