package org.krgboot.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.krgboot.daemon.EventJson;
import org.krgboot.settings.Settings;
import org.krgboot.settings.SettingsException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code krgboot check}: what would keep nodes from booting, told before they are switched on. */
@Command(
    name = "check",
    mixinStandardHelpOptions = true,
    description = {
      "Looks at this machine as serve with the same flags would use it: node root, kernel, modules, initrd,",
      "boot loaders, boot entries, exports, rights, disk space, clock, ports and who holds them, interfaces,",
      "other DHCP servers. Where the daemon runs, it asks it by DHCP, TFTP and HTTP, and mounts the root, as",
      "a node would. Changes nothing. Each finding says what was found, why it matters, and what mends it."
    },
    footer = {
      "",
      "Exit: 0 nodes can boot (there may be warnings), 1 something keeps nodes from booting, 2 wrong settings.",
      "",
      "Examples:",
      "  krgboot check --interface eth1",
      "  krgboot check --quiet                              only what is wrong",
      "  krgboot check --json | jq -r '.[].do'              the remedies alone",
      "  krgboot check --quiet && krgboot serve             serve only if nodes can boot"
    })
final class CheckCommand implements Callable<Integer> {
  @Mixin ServeOptions options = new ServeOptions();

  @Option(
      names = {"-q", "--quiet"},
      description = "print only what is wrong")
  boolean quiet;

  @Option(names = "--json", description = "print the findings as JSON")
  boolean json;

  @Override
  public Integer call() throws JsonProcessingException {
    Settings settings;
    try {
      settings = options.settings();
    } catch (SettingsException e) {
      System.err.println(e.getMessage());
      return 2;
    }
    List<Finding> findings = new ArrayList<>(new MachineCheck(settings).findings());
    if (quiet) {
      findings.removeIf(finding -> finding.level() == Finding.Level.OK);
    }
    System.out.print(json ? json(findings) : text(findings));
    return count(findings, Finding.Level.PROBLEM) == 0 ? 0 : 1;
  }

  private static long count(List<Finding> findings, Finding.Level level) {
    return findings.stream().filter(finding -> finding.level() == level).count();
  }

  private String text(List<Finding> findings) {
    StringBuilder text = new StringBuilder();
    findings.forEach(finding -> text.append(finding.text()).append('\n'));
    long problems = count(findings, Finding.Level.PROBLEM);
    long warnings = count(findings, Finding.Level.WARNING);
    if (problems > 0) {
      text.append(problems == 1 ? "1 problem keeps" : problems + " problems keep")
          .append(" nodes from booting\n");
    } else if (!quiet) {
      text.append("nodes can boot")
          .append(
              warnings == 0 ? "" : warnings == 1 ? "; 1 warning" : "; " + warnings + " warnings")
          .append('\n');
    }
    return text.toString();
  }

  static String json(List<Finding> findings) throws JsonProcessingException {
    List<Map<String, String>> rows =
        findings.stream()
            .map(finding ->
                Map.of(
                    "level", finding.level().word(),
                    "what", finding.what(),
                    "why", finding.why(),
                    "do", finding.remedy()))
            .toList();
    return EventJson.MAPPER.writerWithDefaultPrettyPrinter().writeValueAsString(rows) + "\n";
  }
}
