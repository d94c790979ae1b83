package org.krgboot.nfs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.krgboot.model.BootEvent;

/** What a node reads of its root tells how far it is. */
class RootSignsTest extends NfsScript {
  private void program(String path) throws IOException {
    Path file = root.resolve(path);
    Files.createDirectories(file.getParent());
    Files.writeString(file, "program");
  }

  private void link(String path, String target) throws IOException {
    Path file = root.resolve(path);
    Files.createDirectories(file.getParent());
    Files.createSymbolicLink(file, Path.of(target));
  }

  /** As a Debian root of today: /sbin is a link, and so is init, with an absolute target. */
  private void debianRoot() throws IOException {
    program("usr/lib/systemd/systemd");
    program("usr/sbin/agetty");
    program("etc/fstab");
    link("sbin", "usr/sbin");
    link("lib", "usr/lib");
    link("usr/sbin/init", "/lib/systemd/systemd");
  }

  private void mount() throws IOException {
    events.clear();
    try (Client mount = new Client(server.mountPort())) {
      assertThat(mount.call(Client.MOUNT, 3, 1, a -> a.text(root.toString())).u32()).isEqualTo(OK);
    }
  }

  private void read(String... path) throws IOException {
    byte[] at = rootHandle;
    for (String name : path) {
      at = lookup(at, name);
    }
    byte[] file = at;
    assertThat(status(READ, a -> a.opaque(file).u64(0).u32(100))).isEqualTo(OK);
  }

  private List<String> told() {
    return events.stream()
        .map(event ->
            switch (event) {
              case BootEvent.RootFirstRead e -> "reads, then " + e.init();
              case BootEvent.InitRead e -> "init " + e.init() + ", then " + e.login();
              case BootEvent.LoginStarted e -> "login " + e.program();
              case BootEvent.InitNotFound e -> "no init in " + e.path();
              default -> event.getClass().getSimpleName();
            })
        .toList();
  }

  @Test
  void a_boot_is_seen_up_to_its_login_each_step_once() throws IOException {
    debianRoot();
    mount();
    read("etc", "fstab");
    read("usr", "lib", "systemd", "systemd");
    read("usr", "lib", "systemd", "systemd");
    read("usr", "sbin", "agetty");
    read("usr", "sbin", "agetty");
    assertThat(told())
        .containsExactly(
            "RootMounted",
            "reads, then /sbin/init",
            "init /sbin/init, then /sbin/agetty",
            "login /sbin/agetty");
  }

  @Test
  void the_next_boot_is_told_anew() throws IOException {
    debianRoot();
    mount();
    read("usr", "sbin", "agetty");
    mount();
    read("usr", "lib", "systemd", "systemd");
    assertThat(told())
        .containsExactly(
            "RootMounted", "reads, then /sbin/init", "init /sbin/init, then /sbin/agetty");
  }

  @Test
  void a_node_that_looks_for_init_in_vain_is_told_of_once() throws IOException {
    program("etc/fstab");
    mount();
    read("etc", "fstab");
    assertThat(status(LOOKUP, a -> a.opaque(rootHandle).text("sbin"))).isEqualTo(NOENT);
    assertThat(status(LOOKUP, a -> a.opaque(rootHandle).text("sbin"))).isEqualTo(NOENT);
    assertThat(told()).containsExactly("RootMounted", "reads, then ", "no init in " + root);
  }

  @Test
  void names_that_are_not_there_are_no_sign_in_a_root_with_init() throws IOException {
    debianRoot();
    mount();
    assertThat(status(LOOKUP, a -> a.opaque(rootHandle).text("init"))).isEqualTo(NOENT);
    assertThat(told()).containsExactly("RootMounted");
  }

  @Test
  void where_one_program_is_all_of_them_to_read_it_is_to_start_init() throws IOException {
    program("bin/busybox");
    link("sbin/init", "../bin/busybox");
    link("sbin/getty", "../bin/busybox");
    mount();
    read("bin", "busybox");
    read("bin", "busybox");
    assertThat(told())
        .containsExactly("RootMounted", "reads, then /sbin/init", "init /sbin/init, then ");
  }

  @Test
  void links_that_lead_out_or_in_a_circle_are_followed_as_the_node_would() throws IOException {
    Files.writeString(directory.resolve("outside"), "not of the root");
    link("sbin/init", "../../../../../../outside");
    link("sbin/agetty", "getty");
    link("sbin/getty", "agetty");
    mount();
    assertThat(status(LOOKUP, a -> a.opaque(rootHandle).text("systemd"))).isEqualTo(NOENT);
    assertThat(told()).containsExactly("RootMounted", "no init in " + root);
  }
}
