package org.krgboot.cli;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Who may depend on whom; the same sentences as in ARCHITECTURE.md. */
class ArchitectureTest {
  private static final JavaClasses CLASSES =
      new ClassFileImporter()
          .withImportOption(new ImportOption.DoNotIncludeTests())
          .importPackages("org.krgboot");
  private static final List<String> SIBLINGS =
      List.of("dhcp", "tftp", "http", "bootfiles", "nfs", "importers", "image", "kernel", "lab");
  private static final List<String> MODULES =
      Stream.concat(
              SIBLINGS.stream(),
              Stream.of("model", "linux", "steps", "kernels", "settings", "daemon", "cli"))
          .toList();

  @Test
  void every_module_is_seen_by_these_tests() {
    for (String module : MODULES) {
      assertThat(CLASSES.stream().anyMatch(c -> c.getPackageName().equals("org.krgboot." + module)))
          .as(module)
          .isTrue();
    }
  }

  @Test
  void servers_and_builders_never_depend_on_each_other() {
    for (String module : SIBLINGS) {
      String[] others =
          SIBLINGS.stream()
              .filter(other -> !other.equals(module))
              .map(other -> "org.krgboot." + other)
              .toArray(String[]::new);
      noClasses()
          .that()
          .resideInAPackage("org.krgboot." + module)
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(others)
          .check(CLASSES);
    }
  }

  @Test
  void nothing_depends_on_the_command_line_and_only_it_on_the_daemon() {
    for (String module : List.of("cli", "daemon")) {
      noClasses()
          .that()
          .resideOutsideOfPackages("org.krgboot.cli", "org.krgboot." + module)
          .should()
          .dependOnClassesThat()
          .resideInAPackage("org.krgboot." + module)
          .check(CLASSES);
    }
  }

  @Test
  void the_daemon_and_its_settings_need_no_builder_no_lab_and_no_importer() {
    noClasses()
        .that()
        .resideInAnyPackage("org.krgboot.daemon", "org.krgboot.settings")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(
            "org.krgboot.importers",
            "org.krgboot.steps",
            "org.krgboot.image",
            "org.krgboot.kernel",
            "org.krgboot.lab",
            "picocli..")
        .check(CLASSES);
  }

  @Test
  void servers_and_builders_know_nothing_of_the_settings() {
    for (String module : SIBLINGS) {
      noClasses()
          .that()
          .resideInAPackage("org.krgboot." + module)
          .should()
          .dependOnClassesThat()
          .resideInAPackage("org.krgboot.settings")
          .check(CLASSES);
    }
  }

  @Test
  void what_builders_stand_on_knows_none_of_them() {
    noClasses()
        .that()
        .resideInAPackage("org.krgboot.steps")
        .should()
        .dependOnClassesThat()
        .resideOutsideOfPackages(
            "java..", "org.jspecify..", "org.tomlj..", "org.krgboot.model", "org.krgboot.steps")
        .check(CLASSES);
  }

  @Test
  void the_model_and_the_linux_calls_need_the_jdk_only() {
    noClasses()
        .that()
        .resideInAnyPackage("org.krgboot.model", "org.krgboot.linux")
        .should()
        .dependOnClassesThat()
        .resideOutsideOfPackages(
            "java..", "org.jspecify..", "org.krgboot.model", "org.krgboot.linux")
        .check(CLASSES);
  }

  @Test
  void independent_clients_are_used_by_the_check_only() {
    noClasses()
        .that()
        .doNotHaveSimpleName("DhcpProbe")
        .and()
        .haveSimpleNameNotStartingWith("DHCPPacketView")
        .and()
        .doNotHaveSimpleName("TftpProbe")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("org.dhcp4java..", "org.apache.commons.net..", "org.dcache..")
        .check(CLASSES);
  }

  @Test
  void only_main_and_the_stop_signal_end_the_process() {
    noClasses()
        .that()
        .doNotHaveSimpleName("Main")
        .should()
        .callMethod(System.class, "exit", int.class)
        .check(CLASSES);
    noClasses()
        .that()
        .doNotHaveSimpleName("ServeCommand")
        .should()
        .callMethod(Runtime.class, "halt", int.class)
        .check(CLASSES);
  }

  @Test
  void what_decides_reads_no_clock() {
    noClasses()
        .that()
        .haveSimpleNameEndingWith("Engine")
        .or()
        .haveSimpleNameEndingWith("Transfer")
        .or()
        .haveSimpleName("NodeProgress")
        .or()
        .haveSimpleName("RouterDiscovery")
        .should()
        .callMethod(java.time.Instant.class, "now")
        .orShould()
        .callMethod(System.class, "nanoTime")
        .orShould()
        .callMethod(System.class, "currentTimeMillis")
        .check(CLASSES);
  }
}
