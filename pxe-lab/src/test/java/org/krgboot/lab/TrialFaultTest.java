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
        "Waiting up to 110 more seconds for network. | CONFIG_ETHERNET",
        "Kernel panic - not syncing: Attempted to kill init! exitcode=0x7f00 | said before that",
        "Failure: Network device did not appear in time | CONFIG_ETHERNET",
        "Kernel panic - not syncing: Out of memory | last lines"
      })
  void what_the_console_says_names_the_option(String line, String lookAt) {
    TrialFault fault = TrialFault.of(Optional.of(BootStage.KERNEL), End.SILENCE, LINUX + line);
    assertThat(fault.lookAt()).contains(lookAt);
  }

  @Test
  void an_init_is_blamed_only_once_there_is_a_root() {
    String none = LINUX + "Kernel panic - not syncing: No working init found.";
    assertThat(TrialFault.of(Optional.of(BootStage.MOUNTED), End.SILENCE, none).lookAt())
        .contains("/sbin/init");
    assertThat(TrialFault.of(Optional.of(BootStage.KERNEL), End.SILENCE, none).lookAt())
        .contains("CONFIG_IP_PNP_DHCP");
    String old = LINUX + "FATAL: kernel too old";
    assertThat(TrialFault.of(Optional.of(BootStage.INIT), End.SILENCE, old).lookAt())
        .contains("static init");
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
  void the_call_trace_of_a_panic_is_left_out() {
    String console =
        """
        Can't open /run/net-*.conf
        [  186.408004] Kernel panic - not syncing: Attempted to kill init!
        [  186.411068] Call Trace:
        [  186.411844]  <TASK>
        [  186.412179]  dump_stack_lvl+0x44/0x5c
        [  186.415213]  ? asm_common_interrupt+0x22/0x40
        [  186.420494] RIP: 0033:0x20de29
        <TASK>
         ? setup_IO_APIC+0x781/0x79b
        [  186.421983] RSP: 002b:00007ffffbe9e5d8 EFLAGS: 00000246
        [  186.422733] R13: 0000000000401000 R14: 0000000000000000
        [  186.424555] ---[ end Kernel panic ]---
        """;
    assertThat(TrialFault.lastLines(console))
        .hasSize(3)
        .first()
        .isEqualTo("Can't open /run/net-*.conf");
  }

  @Test
  void a_panic_is_the_end() {
    assertThat(TrialFault.hasGivenUp(LINUX)).isFalse();
    assertThat(TrialFault.hasGivenUp(LINUX + "Kernel panic - not syncing: x")).isTrue();
  }
}
