package org.krgboot.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.krgboot.model.RootVersion.Kind;

class RootVersionTest {
  private static final Path STORE = Path.of("/var/lib/krgboot/images");

  @Test
  void a_path_says_which_version_it_is() {
    RootVersion sealed = new RootVersion(STORE, Kind.SEALED, 7);
    RootVersion live = new RootVersion(STORE, Kind.LIVE, 12);
    assertThat(sealed.path()).hasToString("/var/lib/krgboot/images/sealed/7/root");
    assertThat(live.path()).hasToString("/var/lib/krgboot/images/live/12");
    assertThat(RootVersion.of(sealed.path())).contains(sealed);
    assertThat(RootVersion.of(live.path())).contains(live);
    assertThat(sealed.sibling(live.tag())).contains(live);
  }

  @Test
  void other_paths_and_tags_are_none() {
    for (String other :
        new String[] {
          "/NFSROOT/kerrighed",
          "/root",
          "/",
          "/live/7",
          "/a/live/07",
          "/a/live/0",
          "/a/live/-1",
          "/a/live/7/root",
          "/a/sealed/7",
          "/a/sealed/7/root/etc",
          "/a/sealed/9999999999/root"
        }) {
      assertThat(RootVersion.of(Path.of(other))).as(other).isEmpty();
    }
    RootVersion any = new RootVersion(STORE, Kind.SEALED, 7);
    for (String tag : new String[] {"", "sealed-", "sealed-0", "live-1/..", "boot-1", "live-1 "}) {
      assertThat(any.sibling(tag)).as(tag).isEqualTo(Optional.empty());
    }
  }

  @Test
  void a_link_is_followed_when_it_is_asked(@TempDir Path directory) throws Exception {
    Path store = directory.toRealPath();
    Path link = store.resolve("kerrighed");
    assertThat(RootVersion.behind(link)).isEmpty();
    Files.createDirectories(store.resolve("sealed/1/root"));
    Files.createDirectories(store.resolve("live/2"));
    Files.createSymbolicLink(link, store.resolve("sealed/1/root"));
    assertThat(RootVersion.behind(link)).contains(new RootVersion(store, Kind.SEALED, 1));
    Files.delete(link);
    Files.createSymbolicLink(link, store.resolve("live/2"));
    assertThat(RootVersion.behind(link)).contains(new RootVersion(store, Kind.LIVE, 2));
    Files.delete(link);
    Files.createSymbolicLink(link, store.resolve("nowhere"));
    assertThat(RootVersion.behind(link)).isEmpty();
  }
}
