package org.krgboot.lab;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.krgboot.model.MacAddress;

/**
 * A virtual machine without a disk that boots from the network, as a node's hardware would. Its
 * serial line is on the console; all it says is kept in {@code serial.log} of its directory.
 */
public final class QemuNode implements AutoCloseable {
  /** Network hardware; QEMU has an iPXE ROM for each. */
  public enum Nic {
    VIRTIO("virtio-net-pci"),
    E1000("e1000"),
    RTL8139("rtl8139");

    final String device;

    Nic(String device) {
      this.device = device;
    }
  }

  /** What the machine is before it loads anything. */
  public enum Firmware {
    BIOS,
    UEFI
  }

  /**
   * A machine.
   *
   * @param number from 1; decides the MAC address and the tap
   * @param memoryMb memory in MiB
   * @param directory for its logs; made if it is not there
   * @param more words for QEMU's command line: a disk, another console
   */
  public record Machine(
      int number,
      Nic nic,
      Firmware firmware,
      int memoryMb,
      Accelerator accelerator,
      Path directory,
      List<String> more) {

    public Machine {
      more = List.copyOf(more);
    }

    /** A machine that has nothing but its network card. */
    public Machine(
        int number,
        Nic nic,
        Firmware firmware,
        int memoryMb,
        Accelerator accelerator,
        Path directory) {
      this(number, nic, firmware, memoryMb, accelerator, directory, List.of());
    }

    /** The same with more in it. */
    public Machine with(List<String> words) {
      return new Machine(number, nic, firmware, memoryMb, accelerator, directory, words);
    }

    /** The MAC address, the same in each run; 52:54:00 is the block that QEMU uses. */
    public MacAddress mac() {
      return new MacAddress(0x525400000000L + 0x6b0000 + number);
    }
  }

  private static final Path OVMF = Path.of("/usr/share/ovmf/OVMF.fd");

  private final Machine machine;
  private final Process process;
  private final SerialConsole console;

  private QemuNode(Machine machine, Process process, SerialConsole console) {
    this.machine = machine;
    this.process = process;
    this.console = console;
  }

  /** Switches the machine on. */
  public static QemuNode start(LabNetwork network, Machine machine) throws LabException {
    if (machine.firmware() == Firmware.UEFI && !Files.exists(OVMF)) {
      throw new LabException("no UEFI firmware: apt-get install ovmf");
    }
    try {
      Files.createDirectories(machine.directory());
      List<String> command = network.inside(commandLine(machine, network.tap(machine.number())));
      Process process =
          new ProcessBuilder(command)
              .redirectError(machine.directory().resolve("qemu.log").toFile())
              .start();
      return new QemuNode(
          machine, process, new SerialConsole(process.getInputStream(), process.getOutputStream()));
    } catch (IOException e) {
      throw new LabException("QEMU did not start: " + e.getMessage(), e);
    }
  }

  static List<String> commandLine(Machine machine, String tap) {
    List<String> line = new ArrayList<>();
    line.addAll(List.of("qemu-system-x86_64", "-name", "krgboot-node" + machine.number()));
    line.addAll(acceleration(machine.accelerator()));
    line.addAll(List.of("-m", Integer.toString(machine.memoryMb())));
    // Without QEMU's defaults there is no floppy, on which a kernel would wait for seconds.
    line.addAll(List.of("-nodefaults", "-vga", "std", "-display", "none", "-monitor", "none"));
    switch (machine.firmware()) {
      case BIOS -> {}
      case UEFI -> line.addAll(List.of("-bios", OVMF.toString()));
    }
    line.addAll(List.of("-boot", "n"));
    line.addAll(List.of("-netdev", "tap,id=net0,ifname=" + tap + ",script=no,downscript=no"));
    String rom =
        switch (machine.firmware()) {
          case BIOS -> "";
          case UEFI -> ",romfile="; // its own drivers, not the card's iPXE
        };
    line.addAll(
        List.of("-device", machine.nic().device + ",netdev=net0,mac=" + machine.mac() + rom));
    line.addAll(List.of("-device", "virtio-rng-pci"));
    String log = machine.directory().resolve("serial.log").toString().replace(",", ",,");
    line.addAll(List.of("-chardev", "stdio,id=serial0,signal=off,logfile=" + log));
    line.addAll(List.of("-serial", "chardev:serial0"));
    line.addAll(machine.more());
    return line;
  }

  static List<String> acceleration(Accelerator accelerator) {
    return switch (accelerator) {
      case KVM -> List.of("-accel", "kvm", "-cpu", "host");
      case TCG -> List.of("-accel", "tcg,thread=multi");
    };
  }

  public Machine machine() {
    return machine;
  }

  public SerialConsole console() {
    return console;
  }

  public boolean isRunning() {
    return process.isAlive();
  }

  /** All that came over the serial line. */
  public Path serialLog() {
    return machine.directory().resolve("serial.log");
  }

  /** What QEMU itself complained about, for a person; empty if nothing. */
  String complaint() {
    try {
      return Files.readString(machine.directory().resolve("qemu.log")).strip();
    } catch (IOException e) {
      return String.format(Locale.ROOT, "(%s)", e.getMessage());
    }
  }

  /** Switches the machine off, as by pulling its plug. */
  @Override
  public void close() {
    Processes.end(process);
    console.close();
  }
}
