package org.krgboot.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.krgboot.image.RootBuild.Existing;
import org.krgboot.image.RootBuild.Outcome;
import org.krgboot.image.RootBuild.Result;
import org.krgboot.image.RootRecipe.Login;
import org.krgboot.image.RootRecipe.Size;
import org.krgboot.steps.BuildFailedException;
import org.krgboot.steps.BuildProgress;
import org.krgboot.steps.Command;

/** The builder with tools that are short scripts: every path but the packages themselves. */
class RootBuildTest {
  private static final String MAKES_A_ROOT =
      """
      #!/bin/sh
      for a in "$@"; do before=$root; root=$target; target=$a; done
      # the arguments end with: suite root sources
      root=$root
      mkdir -p "$root/boot" "$root/sbin" "$root/etc" "$root/var/lib/dbus" "$root/run"
      echo kernel > "$root/boot/vmlinuz-6.1.0-1-amd64"
      echo initrd > "$root/boot/initrd.img-6.1.0-1-amd64"
      echo init > "$root/sbin/init"
      mkdir -p "$root/lib/modules/6.1.0-1-amd64"
      : > "$root/lib/modules/6.1.0-1-amd64/modules.dep"
      chmod 755 "$root/sbin/init"
      echo 'root:*:19000:0:99999:7:::' > "$root/etc/shadow"
      echo wrong > "$root/etc/hostname"
      echo "I: installing essential packages..."
      """;

  @TempDir Path temp;
  private Path tools;
  private Path target;
  private final List<String> notes = new ArrayList<>();

  @BeforeEach
  void tools_that_work() throws IOException {
    tools = Files.createDirectory(temp.resolve("tools"));
    target = temp.resolve("roots/kerrighed");
    Files.createDirectories(target.getParent());
    Files.createDirectories(temp.resolve("proc/self"));
    Files.writeString(temp.resolve("proc/self/status"), "Name:\tx\nUid:\t0\t0\t0\t0\n");
    Files.writeString(temp.resolve("proc/self/mountinfo"), "1 0 8:1 / / rw - ext4 /dev/x rw\n");
    Files.createDirectory(temp.resolve("apt"));
    Files.writeString(
        temp.resolve("apt/sources.list"), "deb http://mirror.example/debian bookworm main\n");
    tool("mmdebstrap", MAKES_A_ROOT);
    // The namespaces: skips the options and runs the rest.
    tool(
        "unshare",
        """
        #!/bin/sh
        while :; do case "$1" in private) shift;; --*) shift;; *) break;; esac; done
        exec "$@"
        """);
    tool("mount", "#!/bin/sh\n");
    tool("mknod", "#!/bin/sh\n");
    tool("setpriv", "#!/bin/sh\nshift 2; exec \"$@\"\n");
    tools_that_work_again();
  }

  private void tools_that_work_again() throws IOException {
    tool(
        "chroot",
        """
        #!/bin/sh
        root=$1; shift
        case "$1" in
          lsinitramfs)
            for m in nfsv3.ko virtio_net.ko e1000.ko krgboot-node; do echo "x/$m"; done;;
        esac
        """);
  }

  private void tool(String name, String script) throws IOException {
    Path file = tools.resolve(name);
    Files.writeString(file, script);
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
  }

  private Host host() {
    return new Host(
        tools + ":/usr/bin:/bin:/usr/sbin", temp.resolve("apt"), temp.resolve("proc"), tools, 1L);
  }

  private Result build(Existing existing, String... extra) throws BuildFailedException {
    RootRecipe recipe =
        new RootRecipe(
            target,
            "bookworm",
            Optional.empty(),
            List.of(extra),
            Size.STANDARD,
            Map.of(),
            new Login(Optional.of("sesame"), Optional.empty()));
    return RootBuild.run(recipe, existing, progress(), host());
  }

  private BuildProgress progress() {
    return new BuildProgress() {
      @Override
      public void step(int number, int of, String what) {
        note(number + "/" + of + " " + what);
      }

      @Override
      public void note(String line) {
        notes.add(line);
      }
    };
  }

  private List<String> besideTarget() throws IOException {
    try (var list = Files.list(target.getParent())) {
      return list.map(p -> p.getFileName().toString()).sorted().toList();
    }
  }

  @Test
  void a_build_puts_a_whole_root_in_place_and_leaves_nothing_else() throws Exception {
    Result result = build(Existing.KEEP);
    assertThat(result.outcome()).isEqualTo(Outcome.BUILT);
    assertThat(result.kernelRelease()).isEqualTo("6.1.0-1-amd64");
    assertThat(result.kernel()).exists();
    assertThat(result.initrd()).exists();
    assertThat(target.resolve("etc/hostname")).doesNotExist();
    assertThat(Files.readString(target.resolve("etc/shadow"))).startsWith("root:$6$");
    assertThat(besideTarget()).containsExactly("kerrighed", "kerrighed.build.log");
    assertThat(Files.readString(result.log())).doesNotContain("sesame");
    assertThat(notes).contains("installing essential packages...");
  }

  @Test
  void a_second_build_of_the_same_root_is_left_alone() throws Exception {
    build(Existing.KEEP);
    assertThat(build(Existing.KEEP).outcome()).isEqualTo(Outcome.LEFT_ALONE);
    assertThat(build(Existing.REPLACE).outcome()).isEqualTo(Outcome.LEFT_ALONE);
  }

  @Test
  void another_root_is_replaced_only_when_asked_and_the_old_one_is_kept() throws Exception {
    build(Existing.KEEP);
    assertThatThrownBy(() -> build(Existing.KEEP, "gcc"))
        .isInstanceOf(BuildFailedException.class)
        .hasMessageContaining("is another root: packages is")
        .hasMessageContaining("ask for it to be replaced");
    Result result = build(Existing.REPLACE, "gcc");
    assertThat(result.old().orElseThrow().resolve("sbin/init")).exists();
    assertThat(Files.readString(target.resolve(Manifest.PATH))).contains("gcc");
  }

  @Test
  void a_directory_that_is_not_ours_is_not_touched() throws Exception {
    Files.createDirectory(target);
    Files.writeString(target.resolve("precious"), "x");
    assertThatThrownBy(() -> build(Existing.KEEP))
        .hasMessageContaining("is not empty and was not made by krgboot");
    assertThat(target.resolve("precious")).exists();
  }

  @Test
  void a_failed_installation_leaves_nothing_and_shows_last_lines_and_remedy() throws Exception {
    tool(
        "mmdebstrap",
        MAKES_A_ROOT + "echo 'E: Unable to locate package gc'; echo 'E: apt failed'; exit 25\n");
    assertThatThrownBy(() -> build(Existing.KEEP, "gc"))
        .isInstanceOf(BuildFailedException.class)
        .hasMessageContaining("status 25")
        .hasMessageContaining("E: apt failed")
        .hasMessageContaining("check the names of the extra packages")
        .hasMessageContaining("kerrighed.build.log");
    assertThat(besideTarget()).containsExactly("kerrighed.build.log");
  }

  @Test
  void a_root_whose_initrd_lacks_a_driver_is_not_published() throws Exception {
    tool("chroot", "#!/bin/sh\necho lib/modules/6.1.0-1-amd64/nfsv3.ko\n");
    assertThatThrownBy(() -> build(Existing.KEEP))
        .hasMessageContaining("would not boot")
        .hasMessageContaining("/virtio_net.ko is not in /boot/initrd.img-6.1.0-1-amd64");
    assertThat(besideTarget()).containsExactly("kerrighed.build", "kerrighed.build.log");
    tools_that_work_again();
    notes.clear();
    assertThat(build(Existing.KEEP).outcome()).isEqualTo(Outcome.BUILT);
    assertThat(notes).anyMatch(note -> note.startsWith("going on after"));
    assertThat(besideTarget()).containsExactly("kerrighed", "kerrighed.build.log");
  }

  @Test
  void two_builds_of_one_root_do_not_meet() throws Exception {
    Path used = Files.createDirectories(temp.resolve("roots/kerrighed.build"));
    try (FileChannel channel =
            FileChannel.open(
                used.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        var lock = channel.lock()) {
      assertThat(lock.isValid()).isTrue();
      assertThatThrownBy(() -> build(Existing.KEEP)).hasMessageContaining("another build");
    }
    assertThat(build(Existing.KEEP).outcome()).isEqualTo(Outcome.BUILT);
  }

  @Test
  void a_stopped_program_ends_with_its_children_and_no_other_starts() throws Exception {
    tool("forever", "#!/bin/sh\nsleep 600 & echo started; wait\n");
    Path log = Files.createFile(temp.resolve("log"));
    Command command = new Command(host().machine(), log, Remedies.OF_ROOTS);
    CountDownLatch started = new CountDownLatch(1);
    Thread stopper =
        Thread.ofVirtual()
            .start(() -> {
              try {
                assertThat(started.await(30, TimeUnit.SECONDS)).isTrue();
              } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
              }
              command.stop();
            });
    Command.Ended ended = command.run(List.of("forever"), "", line -> started.countDown());
    stopper.join();
    assertThat(ended.status()).isNotZero();
    assertThat(ProcessHandle.current().descendants().filter(ProcessHandle::isAlive)).isEmpty();
    assertThatThrownBy(() -> command.run(List.of("forever"), "", line -> {}))
        .hasMessageContaining("stopped");
  }

  @Test
  void all_that_is_in_the_way_is_said_at_once_before_anything_is_done() throws Exception {
    Files.writeString(temp.resolve("proc/self/status"), "Uid:\t1000\t1000\t1000\t1000\n");
    Files.writeString(
        temp.resolve("proc/self/mountinfo"), "1 0 8:1 / / rw,nodev - ext4 /dev/x rw\n");
    Files.delete(tools.resolve("mmdebstrap"));
    Host bare =
        new Host(
            tools.toString(),
            temp.resolve("apt"),
            temp.resolve("proc"),
            temp.resolve("no-keyring"),
            Long.MAX_VALUE);
    RootRecipe recipe = RootRecipeTest.recipe(target, List.of());
    assertThatThrownBy(() -> RootBuild.run(recipe, Existing.KEEP, progress(), bare))
        .hasMessageContaining("run this as root")
        .hasMessageContaining("apt-get install mmdebstrap debian-archive-keyring")
        .hasMessageContaining("mounted with nodev")
        .hasMessageContaining("MB are free");
    assertThat(besideTarget()).isEmpty();
  }
}
