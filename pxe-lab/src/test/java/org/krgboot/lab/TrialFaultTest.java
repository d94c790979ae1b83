package org.krgboot.lab;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.krgboot.lab.TrialFault.End;
import org.krgboot.model.BootStage;

/** What is said of a kernel that does not boot. */
class TrialFaultTest {
  private static final String LINUX = "Linux version 6.1.0 (me@here) #1\n";

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "IP-Config: No network devices available. | CONFIG_ETHERNET",
        "VFS: Cannot open root device \"nfs\" or unknown-block(0,255): error -6 | CONFIG_ROOT_NFS",
        "VFS: Unable to mount root fs via NFS, trying floppy. | CONFIG_NFS_V3",
        "Kernel panic - not syncing: No working init found. | /sbin/init",
        "Kernel panic - not syncing: Attempted to kill init! exitcode=0x7f00 | /sbin/init",
        "FATAL: kernel too old | static init",
        "Kernel panic - not syncing: Out of memory | last lines"
      })
  void what_the_console_says_names_the_option(String line, String lookAt) {
    TrialFault fault = TrialFault.of(Optional.of(BootStage.KERNEL), End.SILENCE, LINUX + line);
    assertThat(fault.lookAt()).contains(lookAt);
  }

  @Test
  void a_reset_without_a_word_is_the_compilers_doing() {
    TrialFault fault = TrialFault.of(Optional.of(BootStage.KERNEL), End.RESET, "iPXE 1.21\n");
    assertThat(fault.what()).contains("triple fault");
    assertThat(fault.lookAt()).contains("SSE");
  }

  @Test
  void silence_may_be_a_kernel_without_a_console() {
    assertThat(TrialFault.of(Optional.of(BootStage.KERNEL), End.SILENCE, "iPXE 1.21\n").lookAt())
        .contains("CONFIG_SERIAL_8250_CONSOLE");
    assertThat(TrialFault.of(Optional.of(BootStage.KERNEL), End.SILENCE, LINUX).lookAt())
        .contains("CONFIG_IP_PNP_DHCP");
    assertThat(TrialFault.of(Optional.of(BootStage.STARTING), End.SILENCE, "").lookAt())
        .contains("CONFIG_NFS_V3");
  }

  @Test
  void what_never_got_a_kernel_is_not_blamed_on_it() {
    assertThat(TrialFault.of(Optional.empty(), End.SILENCE, "").lookAt())
        .contains("not the kernel");
    assertThat(TrialFault.of(Optional.of(BootStage.LOADER), End.SILENCE, "").what())
        .contains("boot loader");
  }

  @Test
  void a_panic_is_the_end() {
    assertThat(TrialFault.hasGivenUp(LINUX)).isFalse();
    assertThat(TrialFault.hasGivenUp(LINUX + "Kernel panic - not syncing: x")).isTrue();
  }
}
