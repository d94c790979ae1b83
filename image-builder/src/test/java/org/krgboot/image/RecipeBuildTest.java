package org.krgboot.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.krgboot.image.RootBuild.From;
import org.krgboot.image.TinyRoot.Told;
import org.krgboot.images.Image;
import org.krgboot.images.ImageStore;
import org.krgboot.steps.BuildFailedException;

/** Whole builds by recipe, with the real tools, of a root that is made in no time. */
class RecipeBuildTest {
  private static final String START =
      """
      [root]
      source = "directory"
      from = "golden"
      style = "overlay"
      hosts = "10.11.12.101-10.11.12.102"
      """;

  @TempDir Path directory;
  private ImageStore store;
  private final Told told = new Told();

  @BeforeEach
  void golden() throws Exception {
    TinyRoot.assumePossible();
    TinyRoot.make(directory.resolve("golden"));
    store = ImageStore.open(directory.resolve("images"));
  }

  @AfterEach
  void close() throws Exception {
    if (store != null) {
      store.close();
    }
  }

  private Recipe recipe(String more) throws Exception {
    return RecipeReader.read(
        Files.writeString(directory.resolve("tiny.toml"), START + more), "bookworm");
  }

  private Image build(Recipe recipe, From from) throws Exception {
    return RootBuild.image(
        recipe, store, from, told, Optional.of(Instant.ofEpochSecond(1_700_000_000)));
  }

  @Test
  void a_recipe_makes_an_image_with_all_edits_files_and_scripts() throws Exception {
    Files.writeString(directory.resolve("tool.sh"), "#!/bin/sh\n");
    Recipe recipe =
        recipe(
            """
            leave-alone = ["locale"]
            [[file]]
            path = "/usr/local/bin/tool"
            from = "tool.sh"
            mode = "0755"
            [[file]]
            path = "/etc/motd"
            content = "hello\\n"
            owner = "root:root"
            [[script]]
            name = "look around"
            run = '''
            test -c /dev/null && test -d /proc/1 && test -w /tmp && test -d /sys/kernel
            test "$(cat /etc/motd)" = hello
            cat /proc/mounts > /var/seen
            '''
            """);
    Image image = build(recipe, From.WHERE_IT_STOPPED);
    Path root = store.root(image.number());
    assertThat(root.resolve("etc/hostname")).doesNotExist();
    assertThat(root.resolve("etc/ssh/ssh_host_rsa_key")).doesNotExist();
    assertThat(root.resolve("etc/default/locale")).doesNotExist();
    assertThat(root.resolve("etc/hosts")).content().contains("10.11.12.102\tkrgnode102");
    assertThat(root.resolve("etc/motd")).hasContent("hello");
    assertThat(root.resolve("usr/local/bin/tool")).isExecutable();
    assertThat(Files.readSymbolicLink(root.resolve("etc/machine-id")))
        .hasToString("../run/machine-id");
    assertThat(root.resolve("var/seen")).content().contains(" /dev tmpfs ", " /proc proc ");
    assertThat(Manifest.read(root).orElseThrow().lines())
        .containsEntry("recipe", "tiny")
        .containsEntry("kernel", "6.1.0-1-amd64");
    assertThat(
            Files.getAttribute(
                root.resolve("usr/sbin/sshd"), "unix:mode", LinkOption.NOFOLLOW_LINKS))
        .isEqualTo(0104755);
    try (var left = Files.list(store.building())) {
      assertThat(left.map(path -> path.getFileName().toString()))
          .containsExactly("recipe-tiny.log");
    }
    assertThat(Host.real().mounts().below(directory)).isEmpty();
  }

  @Test
  void the_same_recipe_twice_gives_the_same_image_bit_by_bit() throws Exception {
    Recipe recipe = recipe("[[script]]\nrun = \"date > /var/log/x.log || echo now > /var/made\"\n");
    Image one = build(recipe, From.NOTHING);
    Image other = build(recipe, From.NOTHING);
    assertThat(store.inventory(one.number()).differences(store.inventory(other.number())))
        .isEmpty();
    assertThat(other.digest()).isEqualTo(one.digest());
    assertThat(other.number()).isEqualTo(one.number() + 1);
  }

  @Test
  void a_script_that_fails_says_why_and_the_next_run_goes_back_to_before_it() throws Exception {
    String broken = "[[script]]\nname = \"s\"\nrun = \"touch /etc/half; echo oh no; false\"\n";
    assertThatThrownBy(() -> build(recipe(broken), From.WHERE_IT_STOPPED))
        .isInstanceOf(BuildFailedException.class)
        .hasMessageContaining("the script 's' failed with status 1")
        .hasMessageContaining("oh no")
        .hasMessageContaining("recipe-tiny.log");
    assertThat(store.images()).isEmpty();
    told.lines.clear();
    String mended = "[[script]]\nname = \"s\"\nrun = \"touch /etc/whole\"\n";
    Image image = build(recipe(mended), From.WHERE_IT_STOPPED);
    assertThat(told.lines)
        .anyMatch(line -> line.startsWith("going back to what was there after step"))
        .noneMatch(line -> line.contains("get the root"));
    assertThat(store.root(image.number()).resolve("etc/half")).doesNotExist();
    assertThat(store.root(image.number()).resolve("etc/whole")).exists();
    assertThat(build(recipe(mended), From.NOTHING).digest()).isEqualTo(image.digest());
  }

  @Test
  void a_recipe_that_has_changed_earlier_is_built_anew() throws Exception {
    Recipe first =
        recipe(
            "[[file]]\npath = \"/etc/a\"\ncontent = \"a\"\n[[file]]\npath = \"/etc/b/c\"\ncontent = \"x\"\nowner = \"nobody-here\"\n");
    assertThatThrownBy(() -> build(first, From.WHERE_IT_STOPPED))
        .hasMessageContaining("giving /etc/b/c to nobody-here failed");
    Image image = build(recipe(""), From.WHERE_IT_STOPPED);
    assertThat(told.lines).anyMatch(line -> line.contains("starting clean"));
    assertThat(store.root(image.number()).resolve("etc/a")).doesNotExist();
  }

  @Test
  void a_plan_tells_each_step_with_its_commands_and_does_nothing() throws Exception {
    ImageStore nowhere = ImageStore.look(directory.resolve("nowhere"));
    List<String> plan =
        RootBuild.plan(recipe("[[script]]\nname = \"s\"\nrun = \"echo one; echo two\"\n"), nowhere);
    assertThat(plan)
        .anyMatch(line -> line.matches(" 1 source +get the root: a copy of .*/golden"))
        .anyMatch(line -> line.contains("$ cp -ax --reflink=auto " + directory.resolve("golden")))
        .anyMatch(line -> line.contains("in the root $ /bin/sh -e -c 'echo one; echo two'"))
        .anyMatch(line -> line.contains("remove /etc/hostname"));
    assertThat(directory.resolve("nowhere")).doesNotExist();
  }

  @Test
  void the_doctor_names_what_would_stop_a_node_and_what_all_would_share() throws Exception {
    List<String> faults =
        RootBuild.examine(directory.resolve("golden")).stream()
            .filter(finding -> finding.weight() == RootFinding.Weight.BROKEN)
            .map(RootFinding::text)
            .toList();
    assertThat(faults)
        .containsExactly("/etc/ssh/ssh_host_rsa_key would be the key of every node; remove it");
    Files.delete(directory.resolve("golden/sbin/init"));
    Files.delete(directory.resolve("golden/bin/sh"));
    Files.delete(directory.resolve("golden/boot/vmlinuz-6.1.0-1-amd64"));
    Files.writeString(directory.resolve("golden/etc/machine-id"), "0".repeat(32) + "\n");
    Files.writeString(directory.resolve("golden/etc/fstab"), "UUID=1234 / ext4 defaults 0 1\n");
    List<RootFinding> all = RootBuild.examine(directory.resolve("golden"));
    assertThat(
            all.stream()
                .filter(f -> f.weight() == RootFinding.Weight.BROKEN)
                .map(RootFinding::text))
        .anyMatch(text -> text.startsWith("no kernel in /boot"))
        .anyMatch(text -> text.startsWith("no init"))
        .anyMatch(text -> text.startsWith("/etc/machine-id would be the id of every node"))
        .anyMatch(text -> text.startsWith("/etc/fstab wants UUID=1234"));
    assertThat(all.stream().map(RootFinding::text))
        .contains("1 programs run as their owner (setuid): /usr/sbin/sshd");
    assertThatThrownBy(() -> build(recipe(""), From.NOTHING))
        .hasMessageContaining("the root would not boot:\n  no kernel in /boot");
  }

  @Test
  void while_a_program_runs_in_a_root_no_package_starts_a_service() throws Exception {
    Path golden = directory.resolve("golden");
    Path policy = golden.resolve("usr/sbin/policy-rc.d");
    String asking = "/usr/sbin/policy-rc.d ssh start; echo $? > /etc/asked; exit 3";
    Files.writeString(policy, "# krgboot: left by one that was killed");
    assertThat(
            RootBuild.examine(golden).stream()
                .map(RootFinding::text)
                .filter(text -> text.contains("policy-rc.d")))
        .hasSize(1);
    try (RootSpace space = RootSpace.openToChange(golden)) {
      assertThat(space.run(List.of("sh", "-c", asking))).isEqualTo(3);
      assertThat(golden.resolve("etc/asked")).hasContent("101");
      assertThat(policy).doesNotExist();
      Files.writeString(policy, "of the root's own");
      assertThat(space.run(List.of("test", "-e", "/none"))).isEqualTo(1);
      assertThat(policy).hasContent("of the root's own");
      Files.delete(policy);
      Path outside = directory.resolve("outside");
      Files.createSymbolicLink(policy, outside);
      assertThat(space.run(List.of("id"))).isZero();
      assertThat(outside).doesNotExist();
      assertThat(policy).isSymbolicLink();
    }
  }

  @Test
  void an_image_is_not_changed_in_its_place() throws Exception {
    Image image = build(recipe(""), From.NOTHING);
    Path sealed = store.root(image.number());
    Path link = Files.createSymbolicLink(directory.resolve("link"), sealed.resolve("etc"));
    for (Path place : List.of(sealed, link)) {
      assertThatThrownBy(() -> RootSpace.openToChange(place))
          .hasMessageContaining("is image 1, and images never change")
          .hasMessageContaining("krgboot root shell 1");
    }
  }

  @Test
  void a_change_of_an_image_is_a_new_image_unless_it_fails() throws Exception {
    Image image = build(recipe(""), From.NOTHING);
    Image changed = RootSpace.change(store, image.number(), List.of("touch", "/etc/changed"), told);
    assertThat(store.root(changed.number()).resolve("etc/changed")).exists();
    assertThat(store.root(image.number()).resolve("etc/changed")).doesNotExist();
    assertThatThrownBy(() -> RootSpace.change(store, 1, List.of("test", "-e", "/none"), told))
        .hasMessageContaining("there is no new image");
    assertThat(store.images()).hasSize(2);
    try (RootSpace space = RootSpace.open(directory.resolve("golden"))) {
      assertThat(space.run(List.of("sh", "-c", "test -c /dev/null && touch /etc/x && exit 7")))
          .isEqualTo(7);
    }
    assertThat(directory.resolve("golden/etc/x")).exists();
    try (var left = Files.list(store.building())) {
      assertThat(left.filter(Files::isDirectory)).isEmpty();
    }
  }
}
