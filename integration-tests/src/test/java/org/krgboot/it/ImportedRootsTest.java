package org.krgboot.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;
import static org.krgboot.it.ImageLab.boot;
import static org.krgboot.it.ImageLab.says;

import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.krgboot.lab.QemuNode;

/** A root that Debian's own tool made and that knows nothing of krgboot, in three wrappings. */
@Tag("nightly")
class ImportedRootsTest {
  @TempDir Path directory;
  private ImageLab images;

  @AfterEach
  void clean() throws Exception {
    if (images != null) {
      images.close();
    }
  }

  @Test
  void a_tar_a_squashfs_and_an_oci_layout_made_elsewhere_boot() throws Exception {
    NodeLab.assumePossible();
    assumeTrue(Shell.has("mksquashfs"), "SKIPPED: `mksquashfs` is missing (squashfs-tools)");
    Path here = directory.toRealPath();
    images = new ImageLab(here);
    Path foreign = foreign(here);
    Shell host = Shell.onThisHost();
    Path tar = here.resolve("foreign.tar");
    host.must(
        "tar", "--numeric-owner", "--xattrs", "-cf", tar.toString(), "-C", foreign.toString(), ".");
    Path squashfs = squashfs(here, foreign);
    Map<String, Integer> imported = new LinkedHashMap<>();
    imported.put("tar", images.build("tar", "source = \"tar\"\nfrom = \"" + tar + "\"\n", ""));
    imported.put(
        "squashfs",
        images.build(
            "squashfs",
            "source = \"squashfs\"\nfrom = \"" + squashfs + "\"\nstyle = \"overlay\"\n",
            ""));
    imported.put(
        "oci",
        images.build(
            "oci",
            "source = \"oci\"\nfrom = \"" + ociLayout(here, tar) + "\"\nstyle = \"read-only\"\n",
            ""));
    images.publish(imported.get("tar"));
    try (NodeLab lab = images.lab("imports", 3)) {
      int node = 101;
      for (Map.Entry<String, Integer> each : imported.entrySet()) {
        System.out.println("--- imported from " + each.getKey());
        images.publish(each.getValue());
        String name = "krgnode" + node;
        try (QemuNode booted = boot(lab, name)) {
          assertThat(images.ssh(lab, "10.11.12." + node++, "hostname")).isEqualTo(name);
          String hidden = says(booted, "cat /etc/hidden /etc/of-layer-2 2>&1");
          if (each.getKey().equals("oci")) {
            assertThat(hidden).contains("No such file").contains("upper");
          } else {
            assertThat(hidden).contains("of the lower layer");
          }
        }
      }
    }
  }

  private static Path squashfs(Path here, Path foreign) throws Exception {
    Path squashfs = here.resolve("foreign.squashfs");
    Shell.onThisHost()
        .must(
            "mksquashfs",
            foreign.toString(),
            squashfs.toString(),
            "-quiet",
            "-no-progress",
            "-comp",
            "lz4");
    return squashfs;
  }

  /** As somebody makes it who has never heard of krgboot. */
  private static Path foreign(Path here) throws Exception {
    Path foreign = here.resolve("foreign");
    Process making =
        new ProcessBuilder(
                "mmdebstrap",
                "--quiet",
                "--variant=minbase",
                "--include=linux-image-cloud-amd64,initramfs-tools,zstd,nfs-common,openssh-server,iproute2,kmod,"
                    + "systemd-sysv,dbus,udev,netbase",
                "bookworm",
                foreign.toString())
            .inheritIO()
            .start();
    assertThat(making.waitFor()).as("mmdebstrap's status").isZero();
    Files.writeString(foreign.resolve("etc/hidden"), "of the lower layer");
    return foreign;
  }

  /** An OCI image layout (image-spec 1.1) of two layers; the second hides a file of the first. */
  private static Path ociLayout(Path here, Path lower) throws Exception {
    Path upper = here.resolve("upper");
    Files.createDirectories(upper.resolve("etc"));
    Files.writeString(upper.resolve("etc/.wh.hidden"), "");
    Files.writeString(upper.resolve("etc/of-layer-2"), "upper\n");
    Path upperTar = here.resolve("upper.tar.gz");
    Shell.onThisHost()
        .must(
            "tar",
            "-czf",
            upperTar.toString(),
            "-C",
            upper.toString(),
            "etc/.wh.hidden",
            "etc/of-layer-2");
    Path layout = here.resolve("layout");
    Path blobs = Files.createDirectories(layout.resolve("blobs/sha256"));
    Files.writeString(layout.resolve("oci-layout"), "{\"imageLayoutVersion\": \"1.0.0\"}");
    String config = blob(blobs, "{\"architecture\": \"amd64\", \"os\": \"linux\"}");
    String manifest =
        blob(
            blobs,
            "{\"schemaVersion\": 2, \"config\": {\"digest\": \"sha256:"
                + config
                + "\"}, \"layers\": [{\"digest\": \"sha256:"
                + blob(blobs, lower)
                + "\"}, {\"digest\": \"sha256:"
                + blob(blobs, upperTar)
                + "\"}]}");
    Files.writeString(
        layout.resolve("index.json"),
        "{\"schemaVersion\": 2, \"manifests\": [{\"digest\": \"sha256:" + manifest + "\"}]}");
    return layout;
  }

  private static String blob(Path blobs, String text) throws Exception {
    return blob(blobs, Files.writeString(blobs.resolve("new"), text));
  }

  private static String blob(Path blobs, Path file) throws Exception {
    MessageDigest digest = MessageDigest.getInstance("SHA-256");
    try (InputStream in = Files.newInputStream(file)) {
      new DigestInputStream(in, digest).transferTo(java.io.OutputStream.nullOutputStream());
    }
    String hex = HexFormat.of().formatHex(digest.digest());
    Files.move(file, blobs.resolve(hex));
    return hex;
  }
}
