package org.krgboot.images;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.krgboot.images.Garbage.Use;

class ImageStoreTest {
  private static final RootStyle READ_ONLY =
      new RootStyle(RootStyle.Kind.READ_ONLY, List.of("/var", "/home"));
  private static final RootStyle OVERLAY = new RootStyle(RootStyle.Kind.OVERLAY, List.of());

  @TempDir Path directory;
  private ImageStore store;
  private Path link;
  private final List<String> notes = new ArrayList<>();

  @BeforeEach
  void open() throws IOException {
    SmallRoot.assumePossible();
    store = ImageStore.open(directory.resolve("images"));
    link = directory.resolve("NFSROOT/kerrighed");
  }

  @AfterEach
  void close() throws IOException {
    if (store != null) {
      store.close();
    }
  }

  private int add(String text, RootStyle style) throws IOException {
    Path root = SmallRoot.make(store.building().resolve("root"), text);
    SmallRoot.style(root, style);
    return store.add(root, "test", notes::add).number();
  }

  @Test
  void an_image_is_numbered_and_says_what_it_is() throws Exception {
    assertThat(add("one", RootStyle.DEFAULT)).isEqualTo(1);
    assertThat(add("two", OVERLAY)).isEqualTo(2);
    Image image = store.image(2);
    assertThat(image.kernel()).isEqualTo("6.1.0-1-amd64");
    assertThat(image.style()).isEqualTo(RootStyle.Kind.OVERLAY);
    assertThat(image.digest()).isEqualTo(Inventory.of(store.root(2)).digest());
    assertThat(store.images()).extracting(Image::number).containsExactly(1, 2);
    assertThatThrownBy(() -> store.image(3)).hasMessageContaining("there is no image 3");
    assertThat(ImageStore.look(directory.resolve("images")).images()).hasSize(2);
    assertThat(ImageStore.look(directory.resolve("none")).images()).isEmpty();
  }

  @Test
  void what_two_images_have_in_common_is_one_file_and_neither_changes() throws Exception {
    add("one", OVERLAY);
    String digest = store.image(1).digest();
    add("two", OVERLAY);
    assertThat(notes).contains("0 MB are shared with image 1");
    assertThat(
            SmallRoot.sameInode(
                store.root(1).resolve("usr/lib/big"), store.root(2).resolve("usr/lib/big")))
        .isTrue();
    assertThat(
            SmallRoot.sameInode(
                store.root(1).resolve("etc/text"), store.root(2).resolve("etc/text")))
        .isFalse();
    assertThat(Inventory.of(store.root(1)).digest()).isEqualTo(digest);
    assertThat(Inventory.of(store.root(2)).differences(store.inventory(2))).isEmpty();
  }

  @Test
  void a_read_write_image_is_published_as_a_copy_that_nodes_change() throws Exception {
    int number = add("one", RootStyle.DEFAULT);
    Path live = store.publications().publish(number, link).path();
    assertThat(link.toRealPath()).isEqualTo(live.toRealPath());
    assertThat(live).isEqualTo(store.directory().resolve("live/1"));
    assertThat(SmallRoot.sameInode(live.resolve("etc/text"), store.root(1).resolve("etc/text")))
        .isFalse();
    Files.writeString(live.resolve("etc/text"), "changed by a node");
    assertThat(store.root(1).resolve("etc/text")).hasContent("one");
    store.publications().publish(number, link);
    assertThat(live.resolve("etc/text")).hasContent("changed by a node");
  }

  @Test
  void of_a_read_only_image_the_writable_directories_are_copied() throws Exception {
    store.publications().publish(add("one", READ_ONLY), link);
    assertThat(link.toRealPath()).isEqualTo(store.root(1).toRealPath());
    try (var copied = Files.list(store.directory().resolve("live/1"))) {
      assertThat(copied.map(path -> path.getFileName().toString()))
          .containsExactlyInAnyOrder("var", "home");
    }
    store.publications().publish(add("two", OVERLAY), link);
    assertThat(store.directory().resolve("live/2")).doesNotExist();
  }

  @Test
  void a_rollback_goes_to_the_one_before_and_on_to_those_before_it() throws Exception {
    for (String text : List.of("one", "two", "three")) {
      store.publications().publish(add(text, OVERLAY), link);
    }
    assertThat(store.publications().current(link)).contains(3);
    assertThat(store.publications().rollback(link).number()).isEqualTo(2);
    assertThat(store.publications().rollback(link).number()).isEqualTo(1);
    assertThatThrownBy(() -> store.publications().rollback(link))
        .hasMessageContaining("nothing was published as");
    assertThat(link.resolve("etc/text")).hasContent("one");
    store.publications().publish(3, link);
    assertThat(store.publications().previous(link)).isEqualTo(Optional.of(1));
  }

  @Test
  void what_is_published_again_can_be_rolled_back_and_a_torn_line_is_in_nobodys_way()
      throws Exception {
    add("one", OVERLAY);
    add("two", OVERLAY);
    for (int number : List.of(1, 2, 1)) {
      store.publications().publish(number, link);
    }
    Path file = store.directory().resolve("publications");
    Files.writeString(file, Files.readString(file) + "2026-11-2");
    assertThat(store.publications().rollback(link).number()).isEqualTo(2);
    assertThat(store.publications().rollback(link).number()).isEqualTo(1);
  }

  @Test
  void a_publication_that_was_killed_before_its_switch_counts_for_nothing() throws Exception {
    for (String text : List.of("one", "two", "three")) {
      add(text, OVERLAY);
    }
    store.publications().publish(1, link);
    store.publications().publish(2, link);
    Path file = store.directory().resolve("publications");
    Files.writeString(file, Files.readString(file) + "2026-11-22T10:00:00Z 3 " + link + "\n");
    assertThat(store.publications().current(link)).contains(2);
    assertThat(store.publications().previous(link)).contains(1);
  }

  @Test
  void what_stands_at_the_name_and_is_not_ours_is_not_touched() throws Exception {
    int number = add("one", OVERLAY);
    Files.createDirectories(link);
    Files.writeString(link.resolve("precious"), "x");
    assertThatThrownBy(() -> store.publications().publish(number, link))
        .hasMessageContaining("is no published image")
        .hasMessageContaining("mv " + link);
    Files.delete(link.resolve("precious"));
    store.publications().publish(number, link); // an empty directory is in nobody's way
    assertThat(link).isSymbolicLink();
    for (Path other : List.of(directory.resolve("file"), directory.resolve("dangling"))) {
      if (other.endsWith("file")) {
        Files.writeString(other, "precious");
      } else {
        Files.createSymbolicLink(other, Path.of("/nowhere"));
      }
      assertThatThrownBy(() -> store.publications().publish(number, other))
          .hasMessageContaining("is no published image");
      assertThat(Files.exists(other, LinkOption.NOFOLLOW_LINKS)).isTrue();
    }
  }

  @Test
  void gc_keeps_what_is_published_before_it_pinned_used_and_new() throws Exception {
    for (int i = 1; i <= 7; i++) {
      add("number " + i, OVERLAY);
    }
    store.publications().publish(1, link);
    store.publications().publish(4, link);
    store.publications().publish(5, link);
    store.pin(2);
    Map<Integer, String> kept = Garbage.kept(store, List.of(new Use("krgnode101", 3)), Set.of(), 1);
    assertThat(kept).containsOnlyKeys(2, 3, 4, 5, 7);
    assertThat(kept.get(2)).isEqualTo("pinned");
    assertThat(kept.get(3)).isEqualTo("used by krgnode101");
    assertThat(kept.get(4)).isEqualTo("the one before at " + link);
    assertThat(kept.get(5)).isEqualTo("published as " + link);
    assertThat(kept.get(7)).isEqualTo("one of the newest 1");
    Path other = directory.resolve("another-name");
    Files.createSymbolicLink(other, store.root(6));
    assertThat(Garbage.kept(store, List.of(), Set.of(other), 0).get(6))
        .as("a link that was not made here counts")
        .isEqualTo("published as " + other);
    assertThat(Garbage.remove(store, kept.keySet())).containsExactly(1, 6);
    assertThat(store.images()).extracting(Image::number).containsExactly(2, 3, 4, 5, 7);
    assertThat(Inventory.of(store.root(2)).differences(store.inventory(2))).isEmpty();
    store.unpin(2);
    assertThat(Garbage.kept(store, List.of(), Set.of(), 0)).containsOnlyKeys(4, 5);
    assertThat(Garbage.remove(store, Set.of(4, 5))).containsExactly(2, 3, 7);
    assertThat(add("number 8", OVERLAY)).as("no number comes twice").isEqualTo(8);
  }

  @Test
  void what_a_killed_process_left_is_removed_and_two_do_not_change_the_store_at_once()
      throws Exception {
    Files.createDirectories(store.building().resolve("live-123/tree/etc"));
    Files.createDirectories(store.building().resolve("mine"));
    assertThatThrownBy(() -> ImageStore.open(directory.resolve("images")))
        .hasMessageContaining("another krgboot");
    assertThat(store.removeLeftovers()).hasSize(1);
    assertThat(store.building().resolve("mine")).exists();
    assertThatThrownBy(() -> ImageStore.open(directory.resolve("a,b")))
        .hasMessageContaining("use a directory for images of letters");
  }

  @Test
  void save_and_restore_give_back_every_entry() throws Exception {
    Path root = SmallRoot.makeWithEverything(store.building().resolve("root"));
    String told = SmallRoot.told(root);
    store.add(root, "everything", notes::add);
    for (String name : List.of("saved.tar", "saved.tar.zst")) {
      Path file = directory.resolve(name);
      store.save(1, file);
      Image restored;
      try (ImageStore other = ImageStore.open(directory.resolve("other-" + name))) {
        restored = other.restore(file, notes::add);
        assertThat(SmallRoot.told(other.root(1))).isEqualTo(told);
        long blocks =
            Long.parseLong(SmallRoot.sh(other.root(1), "stat -c %b var/lib/sparse").strip());
        assertThat(blocks).as("sparse stays sparse").isLessThan(1000);
      }
      assertThat(restored.digest()).isEqualTo(store.image(1).digest());
      assertThat(restored.name()).isEqualTo("everything");
    }
    Image here = store.restore(directory.resolve("saved.tar"), notes::add);
    assertThat(here.number()).isEqualTo(2);
    assertThat(here.digest()).isEqualTo(store.image(1).digest());
  }

  @Test
  void a_damaged_file_is_refused_and_adds_nothing() throws Exception {
    add("one", OVERLAY);
    Path file = directory.resolve("saved.tar");
    store.save(1, file);
    assertThat(Files.readString(directory.resolve("saved.tar.sha256")))
        .matches("[0-9a-f]{64}  saved\\.tar\n");
    byte[] bytes = Files.readAllBytes(file);
    bytes[bytes.length / 2] ^= 1;
    Files.write(file, bytes);
    assertThatThrownBy(() -> store.restore(file, notes::add)).hasMessageContaining("is damaged");
    Files.delete(directory.resolve("saved.tar.sha256"));
    assertThatThrownBy(() -> store.restore(file, notes::add))
        .isInstanceOf(IOException.class)
        .hasMessageMatching("(?s).*(differ|failed with status).*");
    assertThatThrownBy(() -> store.restore(directory.resolve("none.tar"), notes::add))
        .hasMessageContaining("cannot be read");
    assertThat(store.images()).hasSize(1);
    try (var left = Files.list(store.building())) {
      assertThat(left).isEmpty();
    }
  }
}
