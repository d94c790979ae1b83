package org.krgboot.bootfiles;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.krgboot.linux.AtFlags;
import org.krgboot.linux.FileCalls;
import org.krgboot.linux.FileModes;
import org.krgboot.model.BootFile;
import org.krgboot.model.BootFileTree.Answer;
import org.krgboot.model.BootFileTree.Why;

class BootFilesTest extends BootFilesFixture {
  @ParameterizedTest
  @ValueSource(strings = {"a/b", "/a/b", "//a//b", "\\a\\b", "./a/./b"})
  void a_file_is_found_under_every_spelling_of_its_name(String name) throws IOException {
    write(tftp.resolve("a/b"), "mine");
    assertThat(read(name)).isEqualTo("mine");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "../secret", "a/../../secret", "/../secret", "..\\secret", "a/..", "boot/../../secret",
        "boot/../etc/secret", "b\0", "", "/", "a", "pxelinux.cfg/../../secret"
      })
  void no_name_climbs_out_and_no_directory_is_fetched(String name) throws IOException {
    write(here.resolve("secret"), "secret");
    write(root.resolve("etc/secret"), "secret");
    Files.createDirectories(tftp.resolve("a"));
    assertRefused(name, Why.FORBIDDEN);
  }

  @Test
  void an_encoded_name_is_only_a_name() throws IOException {
    write(here.resolve("secret"), "secret");
    assertRefused("%2e%2e/secret", Why.NOT_FOUND);
    assertRefused("a".repeat(5000), Why.NOT_FOUND);
    assertRefused("a/".repeat(2000) + "b", Why.NOT_FOUND);
  }

  @Test
  void a_link_may_lead_about_inside_but_not_out() throws IOException {
    write(here.resolve("secret"), "secret");
    write(tftp.resolve("real"), "inside");
    Files.createSymbolicLink(tftp.resolve("in"), Path.of("real"));
    Files.createSymbolicLink(tftp.resolve("out"), here.resolve("secret"));
    Files.createSymbolicLink(tftp.resolve("away"), here);
    Files.createSymbolicLink(tftp.resolve("nowhere"), Path.of("gone"));
    Files.createSymbolicLink(tftp.resolve("loop"), Path.of("loop"));
    Files.createSymbolicLink(root.resolve("boot/passwd"), Path.of("/etc/passwd"));
    assertThat(read("in")).isEqualTo("inside");
    assertRefused("out", Why.FORBIDDEN);
    assertRefused("away/secret", Why.FORBIDDEN);
    assertRefused("nowhere", Why.NOT_FOUND);
    assertRefused("loop", Why.NOT_FOUND);
    assertRefused("boot/passwd", Why.FORBIDDEN);
  }

  @Test
  void a_node_that_makes_its_boot_directory_a_link_gets_nothing_of_this_machine()
      throws IOException {
    write(here.resolve("etc/shadow"), "secret");
    Files.delete(root.resolve("boot"));
    Files.createSymbolicLink(root.resolve("boot"), here.resolve("etc"));
    assertRefused("boot/shadow", Why.FORBIDDEN);
  }

  @Test
  void a_directory_that_became_a_link_after_the_look_at_it_is_not_followed() throws IOException {
    write(here.resolve("etc/shadow"), "secret");
    write(root.resolve("boot/sub/shadow"), "a kernel");
    Path looked = root.resolve("boot/sub/shadow").toRealPath();
    try (Held held = Held.of(looked)) {
      Files.move(root.resolve("boot/sub"), root.resolve("boot/was-sub"));
      Files.createSymbolicLink(root.resolve("boot/sub"), here.resolve("etc"));
      assertThat(text(DiskFile.open(held, BootFile.Role.KERNEL).orElseThrow()))
          .isEqualTo("a kernel");
    }
    try (Held held = Held.of(looked)) {
      assertThat(held.place()).isEqualTo(here.toRealPath().resolve("etc/shadow"));
    }
    assertRefused("boot/sub/shadow", Why.FORBIDDEN);
  }

  @Test
  void the_tftp_root_may_be_a_link_of_the_operators() throws IOException {
    write(tftp.resolve("a"), "mine");
    Path link = Files.createSymbolicLink(here.resolve("tftpboot"), tftp);
    Answer answer =
        new BootFiles(List.of(link), List.of(), entry(), _ -> owner, names).open("a", NODE);
    assertThat(answer).isInstanceOf(Answer.Found.class);
  }

  private static void fifo(Path name) throws IOException {
    byte[] path = name.toString().getBytes(StandardCharsets.UTF_8);
    FileCalls.mknodat(AtFlags.AT_FDCWD, path, FileModes.S_IFIFO | 0600, 0, 0);
  }

  @Test
  void a_fifo_is_refused_without_opening_it() throws Exception {
    fifo(tftp.resolve("fifo"));
    assertRefused("fifo", Why.FORBIDDEN);
  }

  @Test
  @Timeout(value = 30, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
  void a_fifo_in_the_place_of_a_directory_holds_up_nobody() throws Exception {
    fifo(tftp.resolve("FIFO"));
    assertRefused("fifo/kernel", Why.NOT_FOUND);
    Files.delete(root.resolve("boot"));
    fifo(root.resolve("boot"));
    assertRefused("boot/kernel", Why.NOT_FOUND);
    assertRefused(BY_MAC, Why.NOTHING_TO_BOOT);
  }

  @Test
  @Timeout(value = 30, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
  void a_fifo_that_took_the_place_of_a_file_after_the_look_at_it_is_not_opened() throws Exception {
    Path name = root.resolve("boot/vmlinuz");
    write(name, "a kernel");
    try (Held held = Held.of(name)) {
      Files.delete(name);
      fifo(name);
      assertThat(text(DiskFile.open(held, BootFile.Role.KERNEL).orElseThrow()))
          .isEqualTo("a kernel");
    }
    try (Held held = Held.of(name)) {
      assertThat(DiskFile.open(held, BootFile.Role.KERNEL)).isEmpty();
    }
  }

  @Test
  void a_device_is_refused() {
    Answer answer =
        new BootFiles(List.of(Path.of("/dev")), List.of(), entry(), _ -> owner, names)
            .open("null", NODE);
    assertThat(answer).isInstanceOf(Answer.Refused.class);
    assertThat(((Answer.Refused) answer).why()).isEqualTo(Why.FORBIDDEN);
  }

  @Test
  void a_file_replaced_while_it_is_sent_is_sent_to_its_end_from_the_old() throws IOException {
    write(tftp.resolve("kernel"), "old and long");
    Answer.Found found = (Answer.Found) ask("kernel");
    write(tftp.resolve("new"), "new");
    Files.move(tftp.resolve("new"), tftp.resolve("kernel"), StandardCopyOption.REPLACE_EXISTING);
    assertThat(text(found.file())).isEqualTo("old and long");
    assertThat(read("kernel")).isEqualTo("new");
  }

  @Test
  void a_node_without_any_user_file_gets_a_rendered_entry() throws IOException {
    write(root.resolve("boot/vmlinuz-2.6.30-krg3.0.0"), "k");
    String expected =
        """
        DEFAULT diskless
        PROMPT 0
        TIMEOUT 0

        LABEL diskless
          LINUX boot/vmlinuz-2.6.30-krg3.0.0
          APPEND ip=dhcp root=/dev/nfs \
        nfsroot=10.11.12.1:/NFSROOT/kerrighed,v3,tcp,rsize=1048576,wsize=1048576 rw \
        session_id=1 autonodeid=1

        LABEL local
          LOCALBOOT 0
        """;
    assertThat(read(BY_MAC)).isEqualTo(expected);
    assertThat(read("/" + BY_ADDRESS)).isEqualTo(expected);
    assertThat(read(DEFAULT)).isEqualTo(expected);
    assertThat(read("boot/vmlinuz-2.6.30-krg3.0.0")).isEqualTo("k");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "pxelinux.cfg/0A0B0C6",
        "pxelinux.cfg/0",
        "pxelinux.cfg/0A0B0C66",
        "pxelinux.cfg/01-52-54-00-12-34-5",
        "pxelinux.cfg/01-52-54-00-12-34-zz",
        "pxelinux.cfg/b8945908-d6a6-41a9-611d-74a6ab80b83d"
      })
  void names_of_nobody_and_shortened_ones_are_not_rendered(String name) throws IOException {
    write(root.resolve("boot/vmlinuz-1"), "k");
    assertRefused(name, Why.NOT_FOUND);
  }

  @ParameterizedTest
  @ValueSource(strings = {"default", "0A0B0C65", "0A0B", "0"})
  void a_users_own_file_wins_wherever_it_stands_in_the_search(String own) throws IOException {
    write(root.resolve("boot/vmlinuz-1"), "k");
    write(tftp.resolve("pxelinux.cfg").resolve(own), "mine");
    assertRefused(BY_MAC, Why.NOT_FOUND);
    assertThat(read("pxelinux.cfg/" + own)).isEqualTo("mine");
  }

  @Test
  void a_users_file_for_another_node_changes_nothing() throws IOException {
    write(root.resolve("boot/vmlinuz-1"), "k");
    write(tftp.resolve("pxelinux.cfg/0A0B0C66"), "not for you");
    write(tftp.resolve("pxelinux.cfg/01-aa-bb-cc-dd-ee-ff"), "not for you");
    assertThat(read(BY_MAC)).contains("LINUX boot/vmlinuz-1");
  }

  @Test
  void a_root_without_a_kernel_is_told_with_the_remedy() {
    assertThat(ask(BY_MAC))
        .isEqualTo(
            new Answer.Refused(
                Why.NOTHING_TO_BOOT, "no kernel in " + root + "/boot; run krgboot root build"));
  }

  @Test
  void a_kernel_that_comes_later_is_seen_at_the_next_request() throws IOException {
    BootFiles files = new BootFiles(List.of(tftp), List.of(), entry(), _ -> owner, names);
    assertThat(files.open(DEFAULT, NODE)).isInstanceOf(Answer.Refused.class);
    write(root.resolve("boot/vmlinuz-1"), "k");
    assertThat(files.open(DEFAULT, NODE)).isInstanceOf(Answer.Found.class);
  }

  @Test
  void boot_loaders_come_from_the_distribution_unless_the_user_has_his_own() throws IOException {
    write(loaders.resolve("pxelinux.0"), "theirs");
    write(loaders.resolve("README"), "theirs");
    assertThat(read("pxelinux.0")).isEqualTo("theirs");
    assertThat(read("some/where/pxelinux.0")).isEqualTo("theirs");
    assertRefused("README", Why.NOT_FOUND);
    write(tftp.resolve("pxelinux.0"), "mine");
    assertThat(read("pxelinux.0")).isEqualTo("mine");
  }

  @Test
  void the_role_of_a_file_is_told_by_its_name() {
    assertThat(DiskFile.roleOf("pxelinux.0")).isEqualTo(BootFile.Role.LOADER);
    assertThat(DiskFile.roleOf("ldlinux.c32")).isEqualTo(BootFile.Role.LOADER);
    assertThat(DiskFile.roleOf("BOOTX64.EFI")).isEqualTo(BootFile.Role.LOADER);
    assertThat(DiskFile.roleOf("vmlinuz-2.6.30-krg3.0.0")).isEqualTo(BootFile.Role.KERNEL);
    assertThat(DiskFile.roleOf("initrd.img-6.1.0-9-amd64")).isEqualTo(BootFile.Role.INITRD);
    assertThat(DiskFile.roleOf("grub.cfg")).isEqualTo(BootFile.Role.CONFIG);
    assertThat(DiskFile.roleOf("memdisk")).isEqualTo(BootFile.Role.OTHER);
  }

  @Test
  void any_name_gives_an_answer_and_never_the_secret() throws IOException {
    write(here.resolve("secret"), "secret");
    Random random = new Random(7);
    String letters = "./\\\0as:*%e~ \u00e9\ud800\nboot";
    for (int i = 0; i < 20_000; i++) {
      StringBuilder name = new StringBuilder();
      for (int length = random.nextInt(20); length > 0; length--) {
        name.append(letters.charAt(random.nextInt(letters.length())));
      }
      assertThat(ask(name + "/secret")).isInstanceOf(Answer.Refused.class);
    }
  }
}
