package org.krgboot.bootfiles;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.krgboot.model.BootFile;
import org.krgboot.model.BootFileTree.Answer;
import org.krgboot.model.BootFileTree.Why;
import org.krgboot.model.Ipv4;
import org.krgboot.model.MacAddress;

/** The directories and questions that the tests of the tree share. */
abstract class BootFilesFixture {
  static final Ipv4 NODE = Ipv4.parse("10.11.12.101"); // 0A0B0C65
  static final String BY_MAC = "pxelinux.cfg/01-52-54-00-12-34-56";
  static final String BY_ADDRESS = "pxelinux.cfg/0A0B0C65";
  static final String DEFAULT = "pxelinux.cfg/default";

  @TempDir Path here;
  Path tftp;
  Path root;
  Path loaders;
  BootFiles.Names names = BootFiles.Names.AS_ASKED;
  Optional<MacAddress> owner = Optional.empty();
  Optional<String> kernel = Optional.empty();
  Optional<String> initrd = Optional.empty();

  @BeforeEach
  void directories() throws IOException {
    tftp = Files.createDirectories(here.resolve("tftp"));
    root = here.resolve("root");
    Files.createDirectories(root.resolve("boot"));
    loaders = Files.createDirectories(here.resolve("loaders"));
  }

  static void write(Path file, String text) throws IOException {
    Files.createDirectories(file.getParent());
    Files.writeString(file, text);
  }

  BootEntry entry() {
    return new BootEntry(
        here.resolve("kernels"),
        root,
        "10.11.12.1:/NFSROOT/kerrighed",
        0,
        0,
        kernel,
        initrd,
        "session_id=1 autonodeid=1",
        Optional.empty());
  }

  Answer ask(String name) {
    return new BootFiles(List.of(tftp), List.of(loaders), entry(), _ -> owner, names)
        .open(name, NODE);
  }

  String read(String name) throws IOException {
    return switch (ask(name)) {
      case Answer.Found(BootFile file) -> text(file);
      case Answer.Refused refused -> refused.toString();
    };
  }

  static String text(BootFile open) throws IOException {
    try (BootFile file = open) {
      ByteBuffer bytes = ByteBuffer.allocate((int) file.size() + 10);
      assertThat(file.read(bytes, 0)).isEqualTo((int) file.size());
      assertThat(file.read(bytes, file.size())).isZero();
      return new String(bytes.array(), 0, bytes.position(), StandardCharsets.UTF_8);
    }
  }

  void assertRefused(String name, Why why) {
    assertThat(ask(name))
        .isInstanceOfSatisfying(
            Answer.Refused.class, refused -> assertThat(refused.why()).isEqualTo(why));
  }
}
