package org.krgboot.kernel;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.krgboot.kernel.KernelAction.Watch;
import org.krgboot.kernel.KernelAction.Where;
import org.krgboot.kernel.KernelRecipe.Origin;
import org.krgboot.kernel.KernelRecipe.Source;
import org.krgboot.steps.Step;
import org.krgboot.steps.Step.Repeat;

/** How trees come into the place. */
record SourceSteps(KernelPlace place) {
  /**
   * Asks nobody, and ends: after two hours, or a minute of nearly nothing, or 4 GB (ulimit counts
   * in 512 octets). A git that was killed leaves its locks; ours says that none runs any more.
   */
  private static final String FETCH =
      """
      mkdir -p "${2%/*}"
      exec 9>"$2.lock"
      flock --timeout 7200 9
      git init --quiet --bare "$2"
      rm -f "$2"/*.lock "$2"/objects/pack/tmp_*
      ! git -C "$2" cat-file -e "$1^{commit}" 2>/dev/null || exit 0
      ulimit -f 8388608
      export GIT_TERMINAL_PROMPT=0
      export GIT_SSH_COMMAND='ssh -oBatchMode=yes -oConnectTimeout=30 -oServerAliveInterval=20'
      exec timeout --kill-after=10 7200 git -C "$2" -c http.lowSpeedLimit=1000 -c http.lowSpeedTime=60 \
        -c gc.auto=0 fetch --quiet --depth 1 -- "$0" "$1"
      """;

  Step<KernelAction> unpack(Source source) {
    Path to = place.source(source.name());
    List<KernelAction> actions = new ArrayList<>();
    String what;
    switch (source.origin()) {
      case Origin.Tar(Path file, Optional<String> url, Optional<String> sha256, int strip) -> {
        what = "unpack " + file;
        sha256.ifPresent(sum -> actions.add(new KernelAction.Sound(file, url, sum)));
        if (url.isEmpty()) { // what a URL gives is decided by its SHA-256
          actions.add(new KernelAction.Reads(file));
        }
        actions.add(run("making a directory", "mkdir", "-p", to.toString()));
        actions.add(
            run(
                "unpacking " + file,
                "tar",
                "--extract",
                "--file=" + file,
                "--strip-components=" + strip,
                "--no-same-owner",
                "--directory=" + to));
      }
      case Origin.Git(String repository, String commit, Optional<Path> mirror) -> {
        what = "take " + commit.substring(0, 12) + " of " + repository;
        actions.addAll(ofCommit(repository, commit, mirror, to));
      }
      case Origin.Directory(Path from) -> {
        what = "copy " + from;
        actions.add(new KernelAction.Reads(from));
        actions.add(run("making a directory", "mkdir", "-p", to.toString()));
        actions.add(
            run(
                "copying " + from,
                "cp",
                "--recursive",
                "--no-dereference",
                "--preserve=mode,timestamps,links",
                "--reflink=auto",
                from + "/.",
                to.toString()));
      }
    }
    return new Step<>("unpack " + source.name(), what, Repeat.GO_BACK, actions);
  }

  private List<KernelAction> ofCommit(
      String repository, String commit, Optional<Path> mirror, Path to) {
    List<KernelAction> actions = new ArrayList<>();
    mirror.ifPresent(path -> actions.add(fetch(repository, commit, path)));
    actions.add(run("making a directory", "mkdir", "-p", to.toString()));
    actions.add(
        run(
            "taking " + commit + " from " + repository,
            "bash",
            "-o",
            "pipefail",
            "-c",
            "git -c safe.directory='*' -C \"$0\" archive --format=tar \"$1\""
                + " | tar --extract --no-same-owner --directory=\"$2\"",
            mirror.map(Path::toString).orElse(repository),
            commit,
            to.toString()));
    return actions;
  }

  /** Only what is not there yet, so that a network is needed once. */
  private KernelAction fetch(String repository, String commit, Path mirror) {
    return run(
        "fetching " + commit + " from " + repository,
        "sh",
        "-e",
        "-c",
        FETCH,
        repository,
        commit,
        mirror.toString());
  }

  private KernelAction run(String what, String... words) {
    return new KernelAction.Run(
        what, place.path(), List.of(words), Map.of(), Where.MACHINE, Watch.LOG_ONLY);
  }
}
