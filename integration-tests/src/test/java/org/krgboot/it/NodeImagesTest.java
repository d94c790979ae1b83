package org.krgboot.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.krgboot.it.ImageLab.boot;
import static org.krgboot.it.ImageLab.says;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.krgboot.images.ImageStore;
import org.krgboot.images.Inventory;
import org.krgboot.lab.QemuNode;

/** Roots made by recipe: booted in each style, and published while nodes are up. */
@Tag("nightly")
class NodeImagesTest {
  @TempDir static Path directory;
  private static ImageLab images;
  private static int base;

  @BeforeAll
  static void base() throws Exception {
    NodeLab.assumePossible();
    images = new ImageLab(directory.toRealPath());
    base =
        images.build(
            "base",
            """
            suite = "bookworm"
            size = "small"
            hosts = "10.11.12.101-10.11.12.120"
            """,
            "");
    images.krgboot("image", "pin", Integer.toString(base));
  }

  @AfterAll
  static void clean() throws Exception {
    if (images != null) {
      images.close();
    }
  }

  /** Of the base, with another style. */
  private static int styled(String style) throws Exception {
    return images.build(
        style,
        "source = \"directory\"\nfrom = \""
            + images.root(base)
            + "\"\nstyle = \""
            + style
            + "\"\nhosts = \"10.11.12.101-10.11.12.120\"\n",
        "[[file]]\npath = \"/etc/version\"\ncontent = \"" + style + "\\n\"\n");
  }

  @Test
  void a_recipe_makes_roots_that_boot_two_nodes_in_each_of_the_three_styles() throws Exception {
    int[] numbers = {styled("read-write"), styled("read-only"), styled("overlay")};
    images.publish(numbers[0]);
    Set<String> hostKeys = new HashSet<>();
    try (NodeLab lab = images.lab("styles", 6)) {
      int node = 101;
      for (int number : numbers) {
        images.publish(number);
        String style = Files.readString(images.root(number).resolve("etc/version")).strip();
        System.out.println("--- style " + style);
        String first = "10.11.12." + node++;
        String second = "10.11.12." + node++;
        try (QemuNode one = lab.powerOn(QemuNode.Nic.VIRTIO);
            QemuNode other = lab.powerOn(QemuNode.Nic.VIRTIO)) {
          areUp(one, other, Set.of(name(first), name(second)));
          assertThat(images.ssh(lab, first, "cat /etc/version")).isEqualTo(style);
          Set<String> ids = new HashSet<>();
          for (String address : List.of(first, second)) {
            ids.add(images.ssh(lab, address, "cat /etc/machine-id"));
            hostKeys.add(hostKey(lab, address));
          }
          assertThat(ids).hasSize(2).allMatch(id -> id.matches("[0-9a-f]{32}"));
          switch (style) {
            case "read-write" -> writesToTheSharedRoot(number, one, other);
            case "read-only" -> writesToSomeDirectories(number, one, other);
            default -> writesToItsMemory(one, other);
          }
        }
        assertIsAsItWas(number);
      }
    }
    assertThat(hostKeys).as("each node has a host key of its own").hasSize(6);
  }

  private static String name(String address) {
    return "krgnode" + address.substring("10.11.12.".length());
  }

  /** Both boot at the same time; who is first gets the first name. */
  private static void areUp(QemuNode one, QemuNode other, Set<String> names) throws Exception {
    Set<String> found = new HashSet<>();
    for (QemuNode node : List.of(one, other)) {
      found.add(node.console().login("root", NodeLab.PASSWORD, NodeLab.BOOT));
      assertThat(says(node, ImageLab.ALL_IS_UP)).as("units that failed").isEqualTo("running");
    }
    assertThat(found).isEqualTo(names);
  }

  private static String hostKey(NodeLab lab, String address) throws Exception {
    return lab.inside()
        .must("ssh-keyscan", "-T", "30", "-t", "ed25519", address)
        .lines()
        .filter(line -> line.contains("ssh-ed25519"))
        .map(line -> line.substring(line.indexOf(' ')))
        .findFirst()
        .orElseThrow();
  }

  private static void writesToTheSharedRoot(int number, QemuNode one, QemuNode other)
      throws Exception {
    says(one, "echo by-one > /etc/written; sync");
    assertThat(says(other, "cat /etc/written")).isEqualTo("by-one");
    assertThat(images.images.resolve("live/" + number + "/etc/written")).hasContent("by-one");
    assertThat(says(one, "ls /var/lib/krgboot-node | wc -l")).isEqualTo("2");
  }

  private static void writesToSomeDirectories(int number, QemuNode one, QemuNode other)
      throws Exception {
    assertThat(says(one, "touch /etc/written 2>&1")).contains("Read-only file system");
    assertThat(says(one, "mount -o remount,rw / 2>&1; touch /etc/written 2>&1"))
        .as("the server itself takes no change of an image")
        .contains("Read-only file system");
    for (String place : List.of("/var", "/root", "/home")) {
      says(one, "echo by-one > " + place + "/written; sync");
      assertThat(says(other, "cat " + place + "/written")).as(place).isEqualTo("by-one");
    }
    assertThat(images.images.resolve("live/" + number + "/var/written")).hasContent("by-one");
    assertThat(says(one, "echo mine > /tmp/mine; grep ' /tmp ' /proc/mounts")).contains("tmpfs");
  }

  private static void writesToItsMemory(QemuNode one, QemuNode other) throws Exception {
    assertThat(says(one, "echo by-one > /etc/written; cat /etc/written; grep ' / ' /proc/mounts"))
        .contains("by-one")
        .contains("overlay");
    assertThat(says(other, "cat /etc/written 2>&1")).contains("No such file");
  }

  private static void assertIsAsItWas(int number) throws Exception {
    assertThat(
            ImageStore.look(images.images)
                .inventory(number)
                .differences(Inventory.of(images.root(number))))
        .as("an image never changes")
        .isEmpty();
  }

  @Test
  void while_a_node_runs_one_version_others_boot_the_next_and_gc_keeps_both() throws Exception {
    int one = version("one");
    int two = version("two");
    int unused = version("unused");
    images.publish(one);
    try (NodeLab lab = images.lab("versions", 3)) {
      try (QemuNode first = boot(lab, "krgnode101")) {
        says(first, "echo kept > /var/tmp/kept");
        images.publish(two);
        assertThat(says(first, "cat /etc/version /var/tmp/kept")).isEqualTo("one\nkept");
        assertThat(says(first, "grep -o 'live/[0-9]*' /proc/cmdline")).isEqualTo("live/" + one);
        try (QemuNode second = boot(lab, "krgnode102")) {
          assertThat(says(second, "cat /etc/version; uname -r")).startsWith("two\n");
          assertThat(says(second, "ls /var/tmp/kept 2>&1")).contains("No such file");
          images.krgboot("image", "rollback", "--as", images.link.toString());
          try (QemuNode third = boot(lab, "krgnode103")) {
            assertThat(says(third, "cat /etc/version /var/tmp/kept")).isEqualTo("one\nkept");
          }
          String gc = images.krgboot("image", "gc", "--keep", "0");
          assertThat(gc)
              .contains("image " + one + ": kept, published as " + images.link)
              .contains("used by krgnode101, krgnode103")
              .contains("image " + two + ": kept, used by krgnode102")
              .contains("image " + unused + ": removed");
          // What was not yet read comes from the server: nothing of either version is gone.
          for (QemuNode node : List.of(first, second)) {
            assertThat(
                    says(
                        node,
                        "find /usr/lib /var /etc -xdev -type f -exec cat {} + > /dev/null && touch /var/tmp/after && echo whole"))
                .endsWith("whole");
          }
        }
      }
    }
    assertThat(images.root(one)).isDirectory();
    assertThat(images.root(two)).isDirectory();
    assertThat(images.images.resolve("sealed/" + unused)).doesNotExist();
  }

  private static int version(String name) throws Exception {
    return images.build(
        name,
        "source = \"directory\"\nfrom = \"" + images.root(base) + "\"\n",
        "[[file]]\npath = \"/etc/version\"\ncontent = \"" + name + "\\n\"\n");
  }
}
