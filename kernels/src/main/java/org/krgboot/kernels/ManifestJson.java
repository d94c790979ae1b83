package org.krgboot.kernels;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.util.DefaultIndenter;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.krgboot.kernels.KernelManifest.Input;
import org.krgboot.kernels.KernelManifest.Output;

/** A manifest as JSON. Keys that are not known are left alone: a newer builder may say more. */
final class ManifestJson {
  private static final ObjectMapper JSON = new ObjectMapper();

  private ManifestJson() {}

  static KernelManifest read(String json) throws KernelException {
    try {
      JsonNode top = JSON.readTree(json);
      List<Input> inputs = new ArrayList<>();
      for (JsonNode each : list(top, "inputs")) {
        inputs.add(new Input(text(each, "name"), text(each, "sha256")));
      }
      List<Output> outputs = new ArrayList<>();
      for (JsonNode each : list(top, "outputs")) {
        outputs.add(new Output(text(each, "file"), text(each, "sha256"), size(each)));
      }
      return new KernelManifest(
          text(top, "name"),
          text(top, "release"),
          inputs,
          outputs,
          text(top, "configSha256"),
          text(top, "compiler"),
          Instant.parse(text(top, "builtAt")),
          top.hasNonNull("commandLine") ? Optional.of(text(top, "commandLine")) : Optional.empty());
    } catch (JsonProcessingException e) {
      throw new KernelException(e.getOriginalMessage(), e);
    } catch (DateTimeException | IllegalArgumentException e) {
      throw new KernelException(String.valueOf(e.getMessage()), e);
    }
  }

  private static String text(JsonNode object, String key) {
    JsonNode value = object.path(key);
    if (!value.isTextual()) {
      throw new IllegalArgumentException("'" + key + "' is missing, or no text");
    }
    return value.textValue();
  }

  private static long size(JsonNode object) {
    JsonNode value = object.path("size");
    if (!value.isIntegralNumber() || !value.canConvertToLong()) {
      throw new IllegalArgumentException("'size' is missing, or no number");
    }
    return value.longValue();
  }

  private static JsonNode list(JsonNode object, String key) {
    JsonNode value = object.path(key);
    if (!value.isArray()) {
      throw new IllegalArgumentException("'" + key + "' is missing, or no list");
    }
    return value;
  }

  static String write(KernelManifest manifest) {
    ObjectNode top = JSON.createObjectNode();
    top.put("name", manifest.name());
    top.put("release", manifest.release());
    ArrayNode inputs = top.putArray("inputs");
    manifest
        .inputs()
        .forEach(each -> inputs.addObject().put("name", each.name()).put("sha256", each.sha256()));
    ArrayNode outputs = top.putArray("outputs");
    manifest
        .outputs()
        .forEach(each ->
            outputs
                .addObject()
                .put("file", each.file())
                .put("sha256", each.sha256())
                .put("size", each.size()));
    top.put("configSha256", manifest.configSha256());
    top.put("compiler", manifest.compiler());
    top.put("builtAt", manifest.builtAt().toString());
    manifest.commandLine().ifPresent(words -> top.put("commandLine", words));
    DefaultPrettyPrinter lines =
        new DefaultPrettyPrinter().withObjectIndenter(new DefaultIndenter("  ", "\n"));
    try {
      return JSON.writer(lines).writeValueAsString(top) + "\n";
    } catch (JsonProcessingException e) {
      throw new AssertionError("a tree of texts and numbers can be written", e);
    }
  }
}
