package org.krgboot.kernel;

import java.io.PrintStream;
import java.nio.file.Path;
import java.util.Optional;
import org.krgboot.kernels.KernelManifest;
import org.krgboot.steps.BuildFailedException;
import org.krgboot.steps.BuildProgress;
import org.krgboot.steps.Machine;

/** A build in a process of its own, so that a test can end it. */
final class KernelProcess {
  private KernelProcess() {}

  /** {@code RECIPE OUTPUT STEP}: as the power goes when that step begins; 0 for never. */
  public static void main(String[] arguments) throws Exception {
    PrintStream out = System.out;
    int last = Integer.parseInt(arguments[2]);
    BuildProgress progress =
        new BuildProgress() {
          @Override
          public void step(int number, int of, String what) {
            out.println(number + " of " + of + ": " + what);
            if (number == last) {
              Runtime.getRuntime().halt(137);
            }
          }

          @Override
          public void note(String line) {
            out.println(line);
          }
        };
    Path output = Path.of(arguments[1]);
    try {
      KernelRecipe recipe = KernelRecipeReader.read(Path.of(arguments[0]));
      KernelBuild.of(recipe, output, Machine.real(), Optional.empty())
          .run(KernelBuild.Part.ALL, 2, progress);
      out.println("kernel " + KernelManifest.read(output).outputs().hashCode());
    } catch (BuildFailedException e) {
      out.println("failed: " + e.getMessage());
      Runtime.getRuntime().halt(1);
    }
  }

  /** Starts one; what it says goes to a file. */
  static Process start(FakeTree tree, String around, Path recipe, Path output, int step, Path said)
      throws Exception {
    return start(tree, around.replace("BUILD", line(recipe, output, step)), said);
  }

  /** That process's command line, for a shell. */
  static String line(Path recipe, Path output, int step) {
    String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
    return String.join(
        " ",
        "exec",
        java,
        "-XX:TieredStopAtLevel=1",
        "-XX:+UseSerialGC",
        "--enable-native-access=ALL-UNNAMED",
        "-cp",
        "'" + System.getProperty("java.class.path") + "'",
        KernelProcess.class.getName(),
        recipe.toString(),
        output.toString(),
        Integer.toString(step));
  }

  /** Starts a shell with that line. */
  static Process start(FakeTree tree, String line, Path said) throws Exception {
    ProcessBuilder builder =
        new ProcessBuilder("sh", "-c", line)
            .redirectErrorStream(true)
            .redirectOutput(said.toFile());
    builder.environment().put("PATH", tree.tools + ":" + System.getenv("PATH"));
    return builder.start();
  }
}
