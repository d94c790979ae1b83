package org.krgboot.settings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.krgboot.model.MacAddress;

/** The files of a configuration: read, written, kept by number. */
class ConfigHistoryTest {
  private static final Instant NOW = Instant.parse("2026-11-22T10:00:00Z");
  private static final MacAddress MAC = MacAddress.parse("52:54:00:00:00:01");

  @TempDir Path directory;
  private Path main;
  private ConfigHistory history;

  @BeforeEach
  void start() throws Exception {
    main = Files.createDirectory(directory.resolve("etc")).resolve("krgboot.toml");
    history = new ConfigHistory(directory.resolve("state/config"));
  }

  @Test
  void what_is_there_is_read_in_its_order_and_other_files_are_left_alone() throws Exception {
    assertThat(ConfigFiles.read(main).texts()).isEmpty();
    Files.writeString(main, "[dhcp]\n");
    Path more = Files.createDirectory(directory.resolve("etc/krgboot.d"));
    for (String name : new String[] {"nodes.toml", "b.toml", "zz.toml", "a.toml", "notes.txt"}) {
      Files.writeString(more.resolve(name), "# " + name + "\n");
    }
    assertThat(ConfigFiles.read(main).texts().keySet())
        .containsExactly(
            "krgboot.toml",
            "krgboot.d/a.toml",
            "krgboot.d/b.toml",
            "krgboot.d/zz.toml",
            "krgboot.d/nodes.toml");
    Files.write(more.resolve("a.toml"), new byte[] {(byte) 0xff});
    assertThatThrownBy(() -> ConfigFiles.read(main)).hasMessageContaining("a.toml cannot be read");
  }

  @Test
  void numbers_grow_the_same_again_is_no_new_one_and_each_comes_back_as_it_was() throws Exception {
    assertThat(history.versions()).isEmpty();
    ConfigFiles one = ConfigFiles.read(main).with("krgboot.toml", "[dhcp]\n");
    ConfigFiles two = one.with(one.nodesName(), "# none\n");
    assertThat(history.add(one, NOW, "start").number()).isEqualTo(1);
    assertThat(history.add(one, NOW, "reload").number()).isEqualTo(1);
    assertThat(history.add(two, NOW, "set a\nb").number()).isEqualTo(2);
    assertThat(history.versions())
        .containsExactly(
            new ConfigHistory.Version(1, NOW, "start"),
            new ConfigHistory.Version(2, NOW, "set a b"));
    history.files(2, main).writeOver(ConfigFiles.read(main));
    assertThat(directory.resolve("etc/krgboot.d/nodes.toml")).hasContent("# none\n");
    history.files(1, main).writeOver(ConfigFiles.read(main));
    assertThat(directory.resolve("etc/krgboot.d/nodes.toml")).doesNotExist();
    assertThat(ConfigFiles.read(main)).isEqualTo(one);
    assertThatThrownBy(() -> history.files(3, main))
        .hasMessage("there is no configuration 3; there are 1 to 2");
    history.remove(history.newest().orElseThrow());
    assertThat(history.versions()).hasSize(1);
  }

  @Test
  void what_somebody_else_changes_meanwhile_is_neither_written_over_nor_deleted() throws Exception {
    ConfigFiles before = ConfigFiles.read(main);
    Files.createDirectories(main.resolveSibling("krgboot.d"));
    Path theirs = Files.writeString(main.resolveSibling("krgboot.d/x.toml"), "# theirs\n");
    before.with(before.nodesName(), "# ours\n").writeOver(before);
    assertThat(theirs).hasContent("# theirs");
    assertThat(main.resolveSibling("krgboot.d/nodes.toml")).hasContent("# ours");
    ConfigFiles now = ConfigFiles.read(main);
    Files.writeString(theirs, "# more\n");
    assertThatThrownBy(() -> now.with("krgboot.d/x.toml", "# ours\n").writeOver(now))
        .hasMessageContaining("x.toml was changed by somebody else");
    assertThat(theirs).hasContent("# more");
  }

  @Test
  void a_file_that_is_replaced_keeps_its_mode() throws Exception {
    Path file = Files.writeString(main, "# secret\n");
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r-----"));
    NewFile.replace(file, "# new\n");
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
        .isEqualTo("rw-r-----");
    assertThat(file).hasContent("# new");
  }

  @Test
  void only_the_newest_are_kept() throws Exception {
    ConfigFiles files = ConfigFiles.read(main);
    for (int i = 0; i < ConfigHistory.KEPT + 3; i++) {
      history.add(files.with("krgboot.toml", "# " + i + "\n"), NOW, "reload");
    }
    assertThat(history.versions()).hasSize(ConfigHistory.KEPT);
    assertThat(history.newest().orElseThrow().number()).isEqualTo(ConfigHistory.KEPT + 3);
  }

  @Test
  void the_file_of_nodes_says_what_was_said_and_keeps_what_it_had() throws Exception {
    NodeRecord node = NodeRecord.of(MAC).with(NodeKey.NAME, "KRGnode01");
    assertThat(NodesFile.parse("").nodes()).isEmpty();
    NodesFile read =
        NodesFile.parse(NodesFile.parse("").with(node.with(NodeKey.APPEND, "a=\"b\\c\" d")).text());
    assertThat(read.of(MAC).values())
        .containsEntry(NodeKey.NAME, "krgnode01")
        .containsEntry(NodeKey.APPEND, "a=\"b\\c\" d");
    assertThat(read.with(read.of(MAC).with(NodeKey.MENU_TIMEOUT, "5")).text())
        .contains("# Written by krgboot", "menu-timeout = 5\n");
    assertThat(read.without(List.of(MAC)).nodes()).isEmpty();
    assertThatThrownBy(() -> NodeRecord.of(MAC).with(NodeKey.ADDRESS, "10.0.0"))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> NodeKey.of("targt"))
        .hasMessage("unknown key 'targt'. Did you mean 'target'?");
    assertThatThrownBy(() -> NodesFile.parse("[[node]]\nmac = \"x\"\n"))
        .isInstanceOf(SettingsException.class)
        .hasMessageContaining("nodes.toml:2: ");
  }
}
