package org.krgboot.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.krgboot.image.TinyRoot.Told;
import org.krgboot.images.ImageStore;

/** Roots that came from elsewhere, each in its wrapping. */
class ImportsTest {
  @TempDir Path directory;
  private ImageStore store;
  private final Told told = new Told();

  @BeforeEach
  void golden() throws Exception {
    TinyRoot.assumePossible();
    TinyRoot.make(directory.resolve("golden"));
    Files.writeString(directory.resolve("golden/etc/issue"), "golden");
    store = ImageStore.open(directory.resolve("images"));
  }

  @AfterEach
  void close() throws Exception {
    if (store != null) {
      store.close();
    }
  }

  private Path build(String root) throws Exception {
    Recipe recipe =
        RecipeReader.read(
            Files.writeString(directory.resolve("tiny.toml"), "[root]\n" + root), "bookworm");
    var image =
        RootBuild.image(recipe, store, RootBuild.From.WHERE_IT_STOPPED, told, Optional.empty());
    return store.root(image.number());
  }

  private void sh(String script) throws Exception {
    TinyRoot.sh(directory, script);
  }

  private static void assertIsTheGolden(Path root) throws Exception {
    assertThat(root.resolve("etc/issue")).hasContent("golden");
    assertThat(Files.getAttribute(root.resolve("usr/sbin/sshd"), "unix:mode")).isEqualTo(0104755);
    assertThat(Files.getAttribute(root.resolve("dev/null"), "unix:mode")).isEqualTo(0020666);
    assertThat(root.resolve("etc/hostname")).doesNotExist();
  }

  @Test
  void a_tar_packed_in_any_way_and_with_a_directory_in_front() throws Exception {
    sh("tar -C golden -czf root.tar.gz .; tar --zstd -cf named.tar.zst golden");
    assertIsTheGolden(build("source = \"tar\"\nfrom = \"root.tar.gz\"\n"));
    assertIsTheGolden(build("source = \"tar\"\nfrom = \"named.tar.zst\"\nstrip = 1\n"));
    sh("head -c 20000 root.tar.gz > cut.tar.gz");
    assertThatThrownBy(() -> build("source = \"tar\"\nfrom = \"cut.tar.gz\"\n"))
        .hasMessageContaining("unpacking the root failed");
    assertThat(store.building().resolve("recipe-tiny")).doesNotExist();
  }

  @Test
  void a_squashfs() throws Exception {
    assumeTrue(
        Host.real().find("mksquashfs").isPresent(),
        "SKIPPED: `mksquashfs` is missing (package squashfs-tools)");
    sh("mksquashfs golden root.squashfs -quiet -no-progress");
    assertIsTheGolden(build("source = \"squashfs\"\nfrom = \"root.squashfs\"\n"));
  }

  @Test
  void this_machine_itself_without_what_is_only_its_own() throws Exception {
    Source.Host host =
        new Source.Host(Optional.of("root@golden"), List.of("/srv"), List.of(Path.of("/boot")));
    Recipe recipe =
        RecipeReader.read(Files.writeString(directory.resolve("h.toml"), ""), "bookworm");
    Recipe golden =
        new Recipe(
            "golden",
            host,
            List.of(),
            recipe.node(),
            recipe.login(),
            List.of(),
            List.of(),
            Recipe.Services.AS_THEY_ARE,
            List.of(),
            java.util.Set.of());
    String plan = String.join("\n", RootBuild.plan(golden, store));
    assertThat(plan)
        .contains("bash -o pipefail -c")
        .contains("ssh -o BatchMode=yes")
        .contains("--one-file-system")
        .contains("--exclude=./proc/*")
        .contains("--exclude=./srv")
        .contains("./boot");
  }

  @Test
  void the_layers_of_an_oci_layout_hide_what_they_say() throws Exception {
    sh(
        """
        mkdir -p upper/etc upper/var/log
        echo secret > golden/etc/hidden; mkdir golden/etc/all; echo a > golden/etc/all/a
        ln -s /etc golden/etc/self; mkdir -p outside; echo kept > outside/kept
        ln -s "$PWD/outside" golden/away
        : > upper/etc/.wh.hidden
        mkdir upper/etc/all; : > upper/etc/all/.wh..wh..opq; echo b > upper/etc/all/b
        mkdir upper/away; : > upper/away/.wh.kept
        tar -C golden -cf 1.tar .; tar -C upper -czf 2.tar.gz etc away
        """);
    Path layout = layout("1.tar", "2.tar.gz");
    Path root = build("source = \"oci\"\nfrom = \"" + layout + "\"\n");
    assertIsTheGolden(root);
    assertThat(root.resolve("etc/hidden")).doesNotExist();
    assertThat(root.resolve("etc/all/a")).doesNotExist();
    assertThat(root.resolve("etc/all/b")).hasContent("b");
    assertThat(directory.resolve("outside/kept")).as("no link leads out").hasContent("kept");
    assertThat(root.resolve("away")).isDirectory();
    sh("tar -C layout -cf layout.tar .");
    assertIsTheGolden(build("source = \"oci\"\nfrom = \"layout.tar\"\n"));
  }

  @Test
  void no_layer_writes_through_a_link_of_one_below_it_out_of_the_root() throws Exception {
    sh(
        """
        mkdir -p outside/cron.d in/cron.d 2/away/cron.d 2/merged
        echo mine > outside/kept; mkdir -p golden/usr/merged; chmod 700 golden/usr/merged
        ln -s "$PWD/outside" golden/away; ln -s usr/merged golden/merged
        mkdir -p "golden$PWD/outside"
        echo theirs > 2/away/cron.d/x; echo theirs > 2/away/.wh.kept; echo new > 2/merged/new
        tar -C golden -cf 1.tar .
        tar -C 2 -cf 2.tar away/cron.d/x away/.wh.kept merged/new
        """);
    Path root = build("source = \"oci\"\nfrom = \"" + layout("1.tar", "2.tar") + "\"\n");
    assertThat(directory.resolve("outside/cron.d")).isEmptyDirectory();
    assertThat(directory.resolve("outside/kept")).hasContent("mine");
    assertThat(root.resolve("usr/merged/new")).as("a link inside is followed").hasContent("new");
    assertThat(Files.getAttribute(root.resolve("usr/merged"), "unix:mode")).isEqualTo(0040700);
    assertThat(Path.of(root + directory.toString(), "outside/cron.d/x")).hasContent("theirs");
  }

  @Test
  void a_directory_that_a_layer_names_takes_the_place_of_a_link_and_has_its_own_mode()
      throws Exception {
    sh(
        """
        mkdir -p 2/var/log 2/away/deep outside/deep; ln -s "$PWD/outside" golden/away
        chmod 1770 2/var/log; chown 12:34 2/var/log; touch -d '2001-02-03 04:05:06' 2/var/log
        : > 2/var/log/.wh.gone; echo x > golden/var/log/gone; echo y > golden/var/log/stays
        echo z > 2/away/deep/z; touch -d '2001-02-03 04:05:06' 2/away/deep
        rm golden/etc/issue; mkdir golden/etc/issue; echo golden > golden/etc/issue/x
        mkdir -p 2/etc; echo golden > 2/etc/issue; setfattr -n user.note -v hello 2/var/log || true
        tar -C golden -cf 1.tar .; tar --xattrs -C 2 -cf 2.tar .
        """);
    Path root = build("source = \"oci\"\nfrom = \"" + layout("1.tar", "2.tar") + "\"\n");
    assertIsTheGolden(root);
    assertThat(TinyRoot.sh(root, "stat -c '%a %u:%g' var/log; ls var/log").strip())
        .isEqualTo("1770 12:34\nstays");
    assertThat(Files.isDirectory(root.resolve("away"), java.nio.file.LinkOption.NOFOLLOW_LINKS))
        .isTrue();
    assertThat(root.resolve("away/deep/z")).hasContent("z");
    assertThat(directory.resolve("outside/deep")).isEmptyDirectory();
  }

  @Test
  void names_that_lead_out_of_a_layer_are_refused_or_stay_inside() throws Exception {
    sh(
        """
        mkdir -p 2/down; echo theirs > 2/evil; echo theirs > 2/down/evil
        tar -C golden -cf 1.tar .
        tar -C 2/down -P -cf up.tar ../evil
        tar -C 2 -P --transform "s,^evil,$PWD/evil," -cf absolute.tar evil
        ln 2/evil 2/link; tar -C 2 -P --transform 'flags=h;s,^evil,/etc/passwd,' -cf hard.tar evil link
        tar -C 2 -f hard.tar --delete evil
        """);
    Path up = layout("1.tar", "up.tar");
    assertThatThrownBy(() -> build("source = \"oci\"\nfrom = \"" + up + "\"\n"))
        .hasMessageContaining("Member name contains '..'");
    Path hard = layout("1.tar", "hard.tar");
    assertThatThrownBy(() -> build("source = \"oci\"\nfrom = \"" + hard + "\"\n"))
        .hasMessageContaining("annot hard link to");
    Path root = build("source = \"oci\"\nfrom = \"" + layout("1.tar", "absolute.tar") + "\"\n");
    assertThat(directory.resolve("evil")).doesNotExist();
    assertThat(Path.of(root + directory.toString(), "evil")).hasContent("theirs");
  }

  private Path layout(String... layers) throws Exception {
    Path layout = directory.resolve("layout");
    Path blobs = Files.createDirectories(layout.resolve("blobs/sha256"));
    StringBuilder list = new StringBuilder();
    for (String layer : layers) {
      list.append(list.isEmpty() ? "" : ",")
          .append("{\"digest\":\"sha256:")
          .append(blob(blobs, Files.readAllBytes(directory.resolve(layer))))
          .append("\"}");
    }
    String manifest =
        blob(
            blobs,
            ("{\"layers\":[" + list + "]}").getBytes(java.nio.charset.StandardCharsets.UTF_8));
    Files.writeString(
        layout.resolve("index.json"),
        "{\"manifests\":[{\"digest\":\"sha256:00\",\"platform\":{\"architecture\":\"arm64\",\"os\":\"linux\"}},"
            + "{\"digest\":\"sha256:"
            + manifest
            + "\",\"platform\":{\"architecture\":\"amd64\",\"os\":\"linux\"}}]}");
    return layout;
  }

  private static String blob(Path blobs, byte[] content) throws Exception {
    String hex =
        HexFormat.of()
            .formatHex(java.security.MessageDigest.getInstance("SHA-256").digest(content));
    Files.write(blobs.resolve(hex), content);
    return hex;
  }

  @Test
  void the_older_form_of_docker_save() throws Exception {
    sh(
        """
        mkdir -p saved/abc; tar -C golden -cf saved/abc/layer.tar .
        echo '[{"Config":"c.json","Layers":["abc/layer.tar"]}]' > saved/manifest.json
        tar -C saved -cf saved.tar manifest.json abc
        """);
    assertIsTheGolden(build("source = \"oci\"\nfrom = \"saved.tar\"\n"));
  }

  @Test
  void an_image_that_is_none_or_damaged_is_refused() throws Exception {
    sh("tar -C golden -cf 1.tar .; mkdir empty bad; echo '{' > bad/index.json");
    assertThatThrownBy(() -> build("source = \"oci\"\nfrom = \"empty\"\n"))
        .hasMessageContaining("is no container image");
    assertThatThrownBy(() -> build("source = \"oci\"\nfrom = \"bad\"\n"))
        .hasMessageContaining("is no JSON");
    Path layout = layout("1.tar");
    try (var blobs = Files.list(layout.resolve("blobs/sha256"))) {
      for (Path blob : blobs.filter(ImportsTest::isBig).toList()) {
        Files.writeString(blob, "x", java.nio.file.StandardOpenOption.APPEND);
      }
    }
    assertThatThrownBy(() -> build("source = \"oci\"\nfrom = \"" + layout + "\"\n"))
        .hasMessageContaining("is damaged");
    sh("mkdir evil; echo '[{\"Layers\":[\"../../etc/x\"]}]' > evil/manifest.json");
    assertThatThrownBy(() -> build("source = \"oci\"\nfrom = \"evil\"\n"))
        .hasMessageContaining("names a layer '../../etc/x'");
    assertThat(store.images()).isEmpty();
  }

  private static boolean isBig(Path blob) {
    try {
      return Files.size(blob) > 10_000;
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }
}
