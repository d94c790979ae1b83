package org.krgboot.images;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.krgboot.images.TreeEntry.Kind;

class InventoryTest {
  @TempDir Path directory;

  @BeforeEach
  void possible() {
    SmallRoot.assumePossible();
  }

  @Test
  void every_kind_of_file_is_listed_with_all_that_belongs_to_it() throws Exception {
    Inventory all = Inventory.of(SmallRoot.makeWithEverything(directory.resolve("root")));
    TreeEntry device = all.entries().get("dev-disk");
    assertThat(device.kind()).isEqualTo(Kind.BLOCK_DEVICE);
    assertThat(device.content()).isEqualTo("8,1");
    assertThat(device.owner().group()).isEqualTo(6);
    assertThat(all.entries().get("sbin/su").owner().mode()).isEqualTo(04755);
    assertThat(all.entries().get("home").owner().user()).isEqualTo(4294967000L);
    assertThat(all.entries().get("sbin/ping").attributes()).containsKey("security.capability");
    assertThat(all.entries().get("etc/acl").attributes()).containsKey("system.posix_acl_access");
    assertThat(all.entries().get("etc/acl-dir").attributes())
        .containsKey("system.posix_acl_default");
    assertThat(all.entries().get("etc/attribute").attributes().get("trusted.secret"))
        .isEqualTo("\0\u00ff\n");
    assertThat(all.entries().get("usr/lib/big").kind()).isEqualTo(Kind.HARD_LINK);
    assertThat(all.entries().get("usr/lib/big").content()).isEqualTo("home/big-again");
    assertThat(all.entries().get("etc/text").modified()).endsWith(".123456789");
    assertThat(all.entries().get("var/dangling").content()).isEqualTo("nowhere at all");
    assertThat(all.entries()).containsKey("etc/raw\u00ffbyte");
    Inventory again = Inventory.parse(all.text());
    assertThat(again.differences(all)).isEmpty();
    assertThat(again.digest()).isEqualTo(all.digest());
  }

  @Test
  void what_differs_is_told_by_path_with_the_usual_cause() throws Exception {
    Path one = SmallRoot.make(directory.resolve("one"), "text");
    Path other = directory.resolve("other");
    Tool.copy(one, other);
    Inventory before = Inventory.of(one);
    assertThat(before.differences(Inventory.of(other))).isEmpty();
    Files.writeString(other.resolve("etc/text"), "TEXT");
    FileTime same = Files.getLastModifiedTime(one.resolve("etc/text"));
    Files.setLastModifiedTime(other.resolve("etc/text"), same);
    Files.setLastModifiedTime(other.resolve("sbin/init"), FileTime.fromMillis(0));
    SmallRoot.permissions(other.resolve("usr/lib/big"), "rwx------");
    FileTime etc = Files.getLastModifiedTime(one.resolve("etc"));
    Files.writeString(other.resolve("etc/shadow"), "root:x");
    Files.setLastModifiedTime(other.resolve("etc"), etc);
    List<String> told =
        before.differences(Inventory.of(other)).stream().map(Difference::toString).toList();
    assertThat(told).hasSize(4);
    assertThat(told.get(0))
        .isEqualTo("/etc/shadow: only in the second (the day and the salt of a password)");
    assertThat(told.get(1)).isEqualTo("/etc/text: content");
    assertThat(told.get(2)).contains("/sbin/init: time").contains("SOURCE_DATE_EPOCH");
    assertThat(told.get(3)).contains("/usr/lib/big: owner and mode 644 0:0 -> 700 0:0");
  }

  @Test
  void what_is_no_directory_and_no_inventory_is_refused() {
    assertThatThrownBy(() -> Inventory.of(directory.resolve("none")))
        .hasMessageContaining("is not a directory");
    assertThatThrownBy(() -> Inventory.parse("nonsense\n")).hasMessageContaining("damaged");
  }
}
