package org.krgboot.kernel;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.krgboot.kernel.KernelRecipe.Origin;
import org.krgboot.kernels.KernelImage;
import org.krgboot.kernels.KernelManifest;
import org.krgboot.steps.BuildFailedException;
import org.krgboot.steps.BuildSession;
import org.krgboot.steps.Sha256;
import org.krgboot.steps.Step;
import org.krgboot.steps.StepRunner;

/** Makes of what the steps have left a result with its manifest, and puts it in its place. */
record KernelResult(
    KernelRecipe recipe, KernelPlace place, Toolchain toolchain, BuildSession session) {
  /** What stands in the manifest for recipe, tools and all inputs together. */
  static KernelManifest.Input recipe(String key) {
    return new KernelManifest.Input("the recipe with all its inputs and tools", key);
  }

  /** What decides the result: the steps, and what else stands in the manifest. */
  static String key(KernelRecipe recipe, List<Step<KernelAction>> steps, KernelPlace place)
      throws IOException {
    return Sha256.of(
        StepRunner.key(steps, place.path()) + recipe.name() + recipe.kernel().commandLine());
  }

  /**
   * Puts it in its place, at once and whole.
   *
   * @param inputs as they were before the first step
   * @return the kernel's release
   */
  String publish(List<KernelManifest.Input> inputs, Path output)
      throws IOException, BuildFailedException {
    Path fresh = place.fresh();
    StagedTree stage = new StagedTree(place.stage(), place.path());
    if (Files.exists(place.stage()) && stage.isEmpty()) {
      Files.delete(place.stage());
    }
    KernelManifest manifest = manifest(inputs);
    manifest.write(fresh);
    session.command().must("writing to the disk", List.of("sync", "-f", fresh.toString()));
    session.forget(); // from here on a run that is stopped begins anew, or finds the result
    if (Files.exists(output, LinkOption.NOFOLLOW_LINKS)) {
      Exchange.of(fresh, output);
    } else {
      Files.move(fresh, output, StandardCopyOption.ATOMIC_MOVE);
    }
    session.command().must("writing to the disk", List.of("sync", "-f", output.toString()));
    session.remove();
    return manifest.release();
  }

  private KernelManifest manifest(List<KernelManifest.Input> inputs)
      throws IOException, BuildFailedException {
    Path fresh = place.fresh();
    KernelImage image;
    try {
      image = KernelImage.read(fresh.resolve(KernelManifest.KERNEL));
    } catch (org.krgboot.kernels.KernelException e) {
      throw new BuildFailedException("what was built is no kernel: " + e.getMessage(), e);
    }
    modules(image.release());
    List<KernelManifest.Output> outputs = new ArrayList<>();
    for (Path file : new StagedTree(fresh, place.path()).files()) {
      if (!file.toString().equals(KernelManifest.FILE)) {
        outputs.add(KernelManifest.Output.of(fresh, file.toString()));
      }
    }
    return new KernelManifest(
        recipe.name(),
        image.release(),
        inputs,
        outputs,
        Sha256.of(fresh.resolve(KernelManifest.CONFIG)),
        plain(toolchain.name()),
        Instant.ofEpochSecond(Long.parseLong(Files.readString(place.date()).strip())),
        recipe.kernel().commandLine());
  }

  /** A kernel looks for its modules in the directory of its own release only. */
  private void modules(String release) throws IOException, BuildFailedException {
    Path modules = place.stage().resolve("lib/modules");
    if (!Files.isDirectory(modules)) {
      return;
    }
    try (Stream<Path> list = Files.list(modules)) {
      List<String> names = list.map(path -> path.getFileName().toString()).toList();
      if (!names.isEmpty() && !names.contains(release)) {
        throw new BuildFailedException(
            "the kernel says that it is "
                + release
                + ", and its modules are in lib/modules/"
                + String.join(", ", names)
                + "; give all that is built one release");
      }
    }
  }

  /**
   * All that decides the result, as it is now. To be asked before the build: of an input that is
   * changed meanwhile, nobody knows afterwards what was built.
   */
  static List<KernelManifest.Input> inputs(
      KernelRecipe recipe, List<Step<KernelAction>> steps, KernelPlace place) throws IOException {
    Map<String, String> inputs = new LinkedHashMap<>();
    for (KernelRecipe.Source source : recipe.sources()) {
      switch (source.origin()) {
        case Origin.Tar(_, Optional<String> url, Optional<String> sha256, _) -> {
          if (url.isPresent() && sha256.isPresent()) {
            inputs.put(url.get(), sha256.get());
          }
        }
        case Origin.Git(String repository, String commit, _) ->
            inputs.put("commit " + commit + " of " + repository, Sha256.of(commit));
        case Origin.Directory _ -> {}
      }
    }
    for (Step<KernelAction> step : steps) {
      for (Path input : step.inputs()) {
        String sum = Sha256.ofInput(input);
        if (!sum.isEmpty()) {
          inputs.put(input.toString(), sum);
        }
      }
    }
    List<KernelManifest.Input> all = new ArrayList<>();
    all.add(recipe(key(recipe, steps, place)));
    inputs.forEach((name, sum) -> all.add(new KernelManifest.Input(plain(name), sum)));
    return all;
  }

  private static String plain(String text) {
    String plain = text.replaceAll("[^ -~]", "?");
    return plain.length() > 1000 ? plain.substring(0, 1000) : plain;
  }
}
