package org.krgboot.image;

import java.io.PrintStream;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Optional;
import org.krgboot.images.ImageStore;
import org.krgboot.steps.BuildFailedException;
import org.krgboot.steps.BuildProgress;

/** A build in a process of its own, so that a test can end it. */
final class BuildProcess {
  private BuildProcess() {}

  /** {@code RECIPE STORE STEP}: as the power goes when that step begins; 0 for never. */
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
    try (ImageStore store = ImageStore.open(Path.of(arguments[1]))) {
      Recipe recipe = RecipeReader.read(Path.of(arguments[0]), "bookworm");
      var image =
          RootBuild.image(
              recipe,
              store,
              RootBuild.From.WHERE_IT_STOPPED,
              progress,
              Optional.of(Instant.ofEpochSecond(1_700_000_000)));
      out.println("image " + image.number() + " " + image.digest());
    } catch (BuildFailedException e) {
      out.println("failed: " + e.getMessage());
      Runtime.getRuntime().halt(1);
    }
  }

  /** Starts one; what it says goes to a file. */
  static Process start(String around, Path recipe, Path store, int step, Path output)
      throws Exception {
    String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
    String line =
        String.join(
            " ",
            "exec",
            java,
            "-XX:TieredStopAtLevel=1",
            "-XX:+UseSerialGC",
            "-cp",
            "'" + System.getProperty("java.class.path") + "'",
            BuildProcess.class.getName(),
            recipe.toString(),
            store.toString(),
            Integer.toString(step));
    return new ProcessBuilder("sh", "-c", around.replace("BUILD", line))
        .redirectErrorStream(true)
        .redirectOutput(output.toFile())
        .start();
  }
}
