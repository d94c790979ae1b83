package org.krgboot.image;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.krgboot.steps.BuildFailedException;

/**
 * A container image that was unpacked into a directory: an OCI image layout (image-spec 1.1,
 * image-layout.md), or the older form of {@code docker save}, which has a manifest.json only.
 */
final class OciImage {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final int LONGEST_JSON = 4 << 20;

  private OciImage() {}

  /**
   * Its layers, lowest first, each checked against its digest.
   *
   * @throws BuildFailedException if this is no image, or not for this kind of machine
   */
  static List<Path> layers(Path image) throws IOException, BuildFailedException {
    if (Files.isRegularFile(image.resolve("index.json"))) {
      return ofLayout(image, json(image.resolve("index.json")), 0);
    }
    if (Files.isRegularFile(image.resolve("manifest.json"))) {
      return ofDocker(image, json(image.resolve("manifest.json")));
    }
    throw new BuildFailedException(
        image + " is no container image: there is neither index.json nor manifest.json in it");
  }

  private static List<Path> ofLayout(Path image, JsonNode index, int depth)
      throws IOException, BuildFailedException {
    List<JsonNode> manifests = new ArrayList<>();
    index.path("manifests").forEach(manifests::add);
    JsonNode chosen =
        manifests.stream()
            .filter(
                each -> each.path("platform").path("architecture").asText("amd64").equals("amd64"))
            .filter(each -> each.path("platform").path("os").asText("linux").equals("linux"))
            .findFirst()
            .orElseThrow(() ->
                new BuildFailedException("the image " + image + " has nothing for linux on amd64"));
    JsonNode manifest = json(blob(image, chosen.path("digest").asText()));
    if (manifest.has("manifests")) {
      if (depth > 2) {
        throw new BuildFailedException("the image " + image + " has indexes in indexes");
      }
      return ofLayout(image, manifest, depth + 1);
    }
    List<Path> layers = new ArrayList<>();
    for (JsonNode layer : manifest.path("layers")) {
      layers.add(blob(image, layer.path("digest").asText()));
    }
    return some(image, layers);
  }

  private static List<Path> ofDocker(Path image, JsonNode manifests)
      throws IOException, BuildFailedException {
    List<Path> layers = new ArrayList<>();
    for (JsonNode layer : manifests.path(0).path("Layers")) {
      String name = layer.asText();
      if (!name.matches("[A-Za-z0-9][A-Za-z0-9._/-]*") || name.contains("..")) {
        throw new BuildFailedException("the image " + image + " names a layer '" + name + "'");
      }
      layers.add(image.resolve(name));
    }
    return some(image, layers);
  }

  private static List<Path> some(Path image, List<Path> layers) throws BuildFailedException {
    for (Path layer : layers) {
      if (!Files.isRegularFile(layer)) {
        throw new BuildFailedException("the image " + image + " lacks its layer " + layer);
      }
    }
    if (layers.isEmpty()) {
      throw new BuildFailedException("the image " + image + " has no layers");
    }
    return layers;
  }

  private static Path blob(Path image, String digest) throws IOException, BuildFailedException {
    if (!digest.matches("sha256:[0-9a-f]{64}")) {
      throw new BuildFailedException(
          "the image " + image + " has a digest that is not sha256: '" + digest + "'");
    }
    String hex = digest.substring("sha256:".length());
    Path blob = image.resolve("blobs/sha256").resolve(hex);
    if (!Files.isRegularFile(blob)) {
      throw new BuildFailedException("the image " + image + " lacks " + digest);
    }
    if (!sha256(blob).equals(hex)) {
      throw new BuildFailedException(
          "the image " + image + " is damaged: " + digest + " is not that");
    }
    return blob;
  }

  private static String sha256(Path file) throws IOException {
    try (InputStream in = Files.newInputStream(file)) {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      new DigestInputStream(in, digest).transferTo(java.io.OutputStream.nullOutputStream());
      return HexFormat.of().formatHex(digest.digest());
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError("every Java has SHA-256", e);
    }
  }

  private static JsonNode json(Path file) throws IOException, BuildFailedException {
    if (Files.size(file) > LONGEST_JSON) {
      throw new BuildFailedException(file + " is too long to be a manifest");
    }
    try {
      return JSON.readTree(Files.readAllBytes(file));
    } catch (JsonProcessingException e) {
      throw new BuildFailedException(file + " is no JSON: " + e.getOriginalMessage(), e);
    }
  }
}
