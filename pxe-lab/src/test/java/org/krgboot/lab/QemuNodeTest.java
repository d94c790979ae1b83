package org.krgboot.lab;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.krgboot.lab.QemuNode.Firmware;
import org.krgboot.lab.QemuNode.Machine;
import org.krgboot.lab.QemuNode.Nic;

class QemuNodeTest {
  private static Machine machine(Nic nic, Firmware firmware, Accelerator accelerator) {
    return new Machine(2, nic, firmware, 768, accelerator, Path.of("/w/a,b"));
  }

  @Test
  void a_machine_boots_from_the_network_and_has_nothing_else_to_boot_from() {
    assertThat(
            String.join(
                " ",
                QemuNode.commandLine(machine(Nic.VIRTIO, Firmware.BIOS, Accelerator.TCG), "tap2")))
        .isEqualTo(
            "qemu-system-x86_64 -name krgboot-node2 -accel tcg,thread=multi -m 768 -nodefaults"
                + " -vga std -display none -monitor none -boot n"
                + " -netdev tap,id=net0,ifname=tap2,script=no,downscript=no"
                + " -device virtio-net-pci,netdev=net0,mac=52:54:00:6b:00:02"
                + " -device virtio-rng-pci"
                + " -chardev stdio,id=serial0,signal=off,logfile=/w/a,,b/serial.log"
                + " -serial chardev:serial0");
  }

  @Test
  void what_else_is_in_the_machine_stands_last() {
    Machine machine =
        machine(Nic.VIRTIO, Firmware.BIOS, Accelerator.TCG).with(List.of("-hda", "d"));
    assertThat(QemuNode.commandLine(machine, "tap2")).endsWith("-hda", "d");
  }

  @Test
  void kvm_uefi_and_other_network_hardware_change_only_their_own_options() {
    assertThat(QemuNode.commandLine(machine(Nic.E1000, Firmware.UEFI, Accelerator.KVM), "tap2"))
        .containsSequence("-accel", "kvm", "-cpu", "host")
        .contains("-bios", "e1000,netdev=net0,mac=52:54:00:6b:00:02,romfile=");
  }
}
