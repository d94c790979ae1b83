package org.krgboot.lab;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Finds out whether KVM works here, by starting a kernel with it. That /dev/kvm opens is no proof:
 * there are machines on which the guest then aborts, or hangs after its BIOS.
 */
public final class KvmProbe {
  private static final Duration ENOUGH = Duration.ofSeconds(8);
  private static final Path DEVICE = Path.of("/dev/kvm");
  private static final Path BOOT_ID = Path.of("/proc/sys/kernel/random/boot_id");

  private KvmProbe() {}

  /**
   * Tells what to run guests with. The answer is remembered until this machine is booted again.
   *
   * @param kernel a kernel for the trial
   * @param stateDirectory where to remember it
   */
  public static Accelerator probe(Path kernel, Path stateDirectory) throws LabException {
    try {
      if (!Files.isReadable(DEVICE) || !Files.isWritable(DEVICE)) {
        return Accelerator.TCG;
      }
      Path memory = stateDirectory.resolve("kvm-" + Files.readString(BOOT_ID).strip());
      Optional<Accelerator> known = recall(memory);
      if (known.isPresent()) {
        return known.get();
      }
      Accelerator found = starts(kernel) ? Accelerator.KVM : Accelerator.TCG;
      Files.createDirectories(stateDirectory);
      Files.writeString(memory, found.name());
      return found;
    } catch (IOException e) {
      throw new LabException("could not try KVM: " + e.getMessage(), e);
    }
  }

  private static Optional<Accelerator> recall(Path memory) throws IOException {
    if (!Files.exists(memory)) {
      return Optional.empty();
    }
    String text = Files.readString(memory);
    return List.of(Accelerator.values()).stream().filter(a -> a.name().equals(text)).findFirst();
  }

  private static boolean starts(Path kernel) throws IOException {
    Process process =
        new ProcessBuilder(commandLine(kernel))
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start();
    try (SerialConsole console =
        new SerialConsole(process.getInputStream(), process.getOutputStream())) {
      console.expect("Linux version", ENOUGH);
      return true;
    } catch (LabException e) {
      return false;
    } finally {
      Processes.end(process);
    }
  }

  static List<String> commandLine(Path kernel) {
    List<String> line = new ArrayList<>();
    line.add(LabTools.find("qemu-system-x86_64").map(Path::toString).orElse("qemu-system-x86_64"));
    line.addAll(QemuNode.acceleration(Accelerator.KVM));
    line.addAll(List.of("-m", "256", "-nodefaults", "-display", "none", "-no-reboot"));
    line.addAll(List.of("-kernel", kernel.toString()));
    line.addAll(List.of("-append", "console=ttyS0,115200 panic=-1"));
    line.addAll(List.of("-chardev", "stdio,id=serial0,signal=off", "-serial", "chardev:serial0"));
    return line;
  }
}
