package org.krgboot.nfs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.krgboot.model.BootEvent;

/** A node root that is a link into a store, and is switched while nodes are mounted. */
class VersionedRootsTest extends NfsScript {
  private static final int ROFS = 30;
  private Path store;
  private Path link;

  private void publishable() throws Exception {
    store = Files.createDirectories(directory.toRealPath().resolve("images"));
    for (int number : new int[] {1, 2}) {
      Files.createDirectories(store.resolve("sealed/" + number + "/root/etc"));
      Files.writeString(store.resolve("sealed/" + number + "/root/etc/version"), "v" + number);
    }
    Files.createDirectories(store.resolve("live/2/etc"));
    link = directory.toRealPath().resolve("kerrighed");
    publish("sealed/1/root");
    server.replaceExports(
        List.of(
            Export.readWriteRoot(link),
            Export.of(
                store.resolve("sealed"),
                Terms.OF_A_NODE_ROOT.with(Terms.Access.READ_ONLY),
                Clients.everybody()),
            Export.readWriteRoot(store.resolve("live"))));
  }

  private void publish(String target) throws IOException {
    Path fresh = link.resolveSibling("fresh");
    Files.createSymbolicLink(fresh, store.resolve(target));
    Files.move(fresh, link, StandardCopyOption.ATOMIC_MOVE);
  }

  private byte[] mount(String path) throws IOException {
    try (Client mount = new Client(server.mountPort())) {
      Client.Results reply = mount.call(Client.MOUNT, 3, 1, a -> a.text(path));
      assertThat(reply.u32()).as(path).isZero();
      return reply.opaque();
    }
  }

  private String version(byte[] top) throws IOException {
    byte[] file = lookup(lookup(top, "etc"), "version");
    Client.Results reply = client.nfs(READ, a -> a.opaque(file).u32(0, 0, 100));
    assertThat(reply.u32()).isZero();
    return new String(reply.skipPostOp().skip(8).opaque(), StandardCharsets.US_ASCII);
  }

  @Test
  void who_mounts_gets_what_is_published_then_and_keeps_it() throws Exception {
    publishable();
    byte[] before = mount(link.toString());
    publish("sealed/2/root");
    byte[] after = mount(link + ",v3,tcp");
    assertThat(version(before)).isEqualTo("v1");
    assertThat(version(after)).isEqualTo("v2");
    assertThat(mount(link + "/etc")).isEqualTo(lookup(after, "etc"));
    publish("sealed/1/root");
    assertThat(mount(link.toString())).isEqualTo(before);
    assertThat(
            events.stream()
                .filter(BootEvent.RootMounted.class::isInstance)
                .map(event -> ((BootEvent.RootMounted) event).path())
                .skip(1))
        .containsExactly(
            store + "/sealed/1/root",
            store + "/sealed/2/root",
            store + "/sealed/2/root/etc",
            store + "/sealed/1/root");
  }

  @Test
  void handles_outlive_a_restart_whatever_is_published_then() throws Exception {
    publishable();
    byte[] before = mount(link.toString());
    publish("sealed/2/root");
    server.replaceExports(
        List.of(
            Export.readWriteRoot(link),
            Export.of(
                store.resolve("sealed"),
                Terms.OF_A_NODE_ROOT.with(Terms.Access.READ_ONLY),
                Clients.everybody())));
    assertThat(version(before)).isEqualTo("v1");
  }

  @Test
  void an_image_takes_no_change_by_any_name_and_its_live_copy_does() throws Exception {
    publishable();
    for (String name : List.of(link.toString(), store + "/sealed/2/root", store + "/sealed")) {
      byte[] top = mount(name);
      assertThat(status(MKDIR, a -> a.opaque(top).text("new").u32(0, 0, 0, 0, 0, 0)))
          .as(name)
          .isEqualTo(ROFS);
    }
    publish("live/2");
    byte[] live = mount(link.toString());
    assertThat(status(MKDIR, a -> a.opaque(live).text("new").u32(0, 0, 0, 0, 0, 0))).isZero();
    assertThat(store.resolve("live/2/new")).isDirectory();
  }

  @Test
  void nothing_above_the_store_is_reached_and_no_other_link_is_followed() throws Exception {
    publishable();
    byte[] top = mount(store + "/sealed");
    Client.Results reply = client.nfs(LOOKUP, a -> a.opaque(top).text(".."));
    assertThat(reply.u32()).isZero();
    assertThat(reply.opaque()).isEqualTo(top);
    Files.createSymbolicLink(store.resolve("live/3"), Path.of("/etc"));
    for (String bad : List.of("/live/3", "/live/3/ssh", "/sealed/1/root/../..", "")) {
      try (Client mount = new Client(server.mountPort())) {
        assertThat(mount.call(Client.MOUNT, 3, 1, a -> a.text(store + bad)).u32())
            .as(bad)
            .isNotZero();
      }
    }
    Files.delete(link);
    Files.createSymbolicLink(link, Path.of("/etc"));
    assertThat(version(mount(link.toString()))).as("what was opened stays").isEqualTo("v1");
  }
}
