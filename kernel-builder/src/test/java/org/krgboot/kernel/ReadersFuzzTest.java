package org.krgboot.kernel;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.krgboot.steps.RecipeException;

/** Any octets give a value or our own refusal. */
class ReadersFuzzTest {
  private static final String WORDS =
      "[kernel]\n[[source]]\ntar=\"x\"\n[[edit]]\npattern=\"(a+)+$\"\nwith=\"$9\"\n[config]\nset=[\"A=1\"]\n"
          + "[[patch]]\nseries=\"s\"\nurl=\"http://\u0000\"\n{}[],'=\"\\.0123456789-_ \n\tCONFIG_X=y\n";

  @TempDir static Path directory;

  @FuzzTest
  void recipes(byte[] octets) throws Exception {
    recipe(octets);
  }

  @FuzzTest
  void other_files(byte[] octets) {
    others(octets);
  }

  @Test
  void a_hundred_thousand_random_octets_give_a_value_or_a_refusal() throws Exception {
    Random random = new Random(20_261_122);
    for (int round = 0; round < 800; round++) {
      byte[] octets = new byte[random.nextInt(200)];
      for (int i = 0; i < octets.length; i++) {
        octets[i] =
            (byte)
                (random.nextInt(8) == 0
                    ? random.nextInt(256)
                    : WORDS.charAt(random.nextInt(WORDS.length())));
      }
      recipe(octets);
      others(octets);
      String mixed = mixed(random);
      recipe(mixed.getBytes(StandardCharsets.UTF_8));
    }
  }

  @Test
  void lists_in_lists_without_end_are_refused() throws Exception {
    recipe(("a = " + "[".repeat(200_000)).getBytes(StandardCharsets.UTF_8));
    recipe(("a = " + "{b=".repeat(100_000)).getBytes(StandardCharsets.UTF_8));
  }

  /** Lines that a recipe may have, in any order and cut anywhere. */
  private static String mixed(Random random) {
    String[] lines = WORDS.split("\n", -1);
    StringBuilder text = new StringBuilder();
    for (int i = random.nextInt(12); i >= 0; i--) {
      String line = lines[random.nextInt(lines.length)];
      text.append(random.nextInt(5) == 0 ? line.substring(line.length() / 2) : line).append('\n');
    }
    return text.toString();
  }

  private static void recipe(byte[] octets) throws IOException {
    Path file = Files.write(directory.resolve("fuzz.toml"), octets);
    try {
      KernelRecipeReader.read(file).toString();
    } catch (RecipeException e) {
      e.getMessage().length();
    } catch (IOException e) {
      if (!e.getMessage().contains("cannot be read")) {
        throw e;
      }
    }
  }

  private static void others(byte[] octets) {
    List<String> lines = new String(octets, StandardCharsets.ISO_8859_1).lines().toList();
    Config config = Config.parse(lines);
    if (!Config.parse(config.text().lines().toList()).equals(config)) {
      throw new AssertionError("another configuration was read than was written: " + config);
    }
    try {
      Config.fragment(lines, "fuzz");
    } catch (IllegalArgumentException e) {
      e.getMessage().length();
    }
    for (int strip = 0; strip < 3; strip++) {
      for (Path path : new PatchFile(lines).files(strip)) {
        if (path.isAbsolute() || path.normalize().startsWith("..")) {
          throw new AssertionError("a patch leads out of the tree: " + path);
        }
      }
    }
    KernelVersion.inMakefile(lines).ifPresent(KernelVersion::toString);
    lines.forEach(KernelVersion::inName);
    BuildWatch watch = new BuildWatch(java.util.Optional.of(3));
    long now = 0;
    for (String line : lines) {
      watch.line(line, now);
      now += 4_000_000_000L;
    }
    watch.firstError().toString();
  }
}
