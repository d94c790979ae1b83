package org.krgboot.daemon;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SpecVersion;
import io.swagger.v3.parser.OpenAPIV3Parser;
import io.swagger.v3.parser.core.models.ParseOptions;
import io.swagger.v3.parser.core.models.SwaggerParseResult;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The description of the API is valid, and a client that knows nothing else can use the API by it.
 */
class OpenApiTest {
  private static final ObjectMapper JSON = new ObjectMapper();

  @TempDir Path directory;

  private static String text() throws Exception {
    try (var file = OpenApiTest.class.getResourceAsStream("openapi.json")) {
      return new String(file.readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  @Test
  void the_description_is_valid() throws Exception {
    ParseOptions options = new ParseOptions();
    options.setResolve(true);
    SwaggerParseResult result = new OpenAPIV3Parser().readContents(text(), null, options);
    assertThat(result.getMessages()).isEmpty();
    assertThat(result.getOpenAPI().getPaths()).hasSizeGreaterThan(9);
  }

  @Test
  void every_operation_answers_as_described_to_a_client_that_knows_only_the_description()
      throws Exception {
    JsonNode description = JSON.readTree(text());
    Path token = Files.writeString(directory.resolve("token"), ManyNodes.TOKEN);
    try (ManyNodes nodes = new ManyNodes(directory, ManyNodes.anyPort(Optional.of(token)));
        HttpClient client = HttpClient.newHttpClient()) {
      nodes.boot(120);
      awaitWritten(nodes);
      List<String> done = new ArrayList<>();
      for (var path : description.get("paths").properties()) {
        for (var operation : path.getValue().properties()) {
          if (!path.getKey().equals("/api/stream")) { // never ends; StatusServerTest reads it
            use(client, nodes, description, path.getKey(), operation);
            done.add(operation.getKey() + " " + path.getKey());
          }
        }
      }
      assertThat(done).contains("get /api/nodes/{node}/why", "post /api/boot");
      assertThat(described(description)).containsAll(OperatorRoutes.paths());
    }
  }

  private static List<String> described(JsonNode description) {
    List<String> paths = new ArrayList<>();
    description.get("paths").fieldNames().forEachRemaining(paths::add);
    return paths;
  }

  /** The journal is written by a thread of its own. */
  private static void awaitWritten(ManyNodes nodes) throws Exception {
    while (nodes.journal.history().newest(0, 10_000).size() < nodes.journal.accepted()) {
      Thread.sleep(20);
    }
  }

  private static void use(
      HttpClient client,
      ManyNodes nodes,
      JsonNode description,
      String path,
      Map.Entry<String, JsonNode> operation)
      throws Exception {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(
            URI.create("http://127.0.0.1:" + nodes.port + filled(path, operation.getValue())));
    JsonNode body = operation.getValue().at("/requestBody/content/application~1json/example");
    if (operation.getValue().has("security")) {
      request.header("Authorization", "Bearer " + ManyNodes.TOKEN);
    }
    if (operation.getKey().equals("post")) {
      request.POST(
          HttpRequest.BodyPublishers.ofString(body.isMissingNode() ? "" : body.toString()));
    }
    HttpResponse<String> answer =
        client.send(request.build(), HttpResponse.BodyHandlers.ofString());
    assertThat(answer.statusCode()).as(path + ": " + answer.body()).isEqualTo(200);
    var content = operation.getValue().at("/responses/200/content").properties().iterator().next();
    String type = answer.headers().firstValue("Content-Type").orElseThrow();
    assertThat(type).as(path).startsWith(content.getKey());
    if (type.equals("application/json")) {
      assertThat(
              schema(description, content.getValue().get("schema"))
                  .validate(JSON.readTree(answer.body())))
          .as(path)
          .isEmpty();
    }
  }

  /** The path with the examples of its parameters. */
  private static String filled(String path, JsonNode operation) {
    String filled = path;
    String query = "";
    for (JsonNode parameter : operation.path("parameters")) {
      String name = parameter.get("name").asText();
      String value = URLEncoder.encode(parameter.get("example").asText(), StandardCharsets.UTF_8);
      if (parameter.get("in").asText().equals("path")) {
        filled = filled.replace("{" + name + "}", value);
      } else {
        query += (query.isEmpty() ? "?" : "&") + name + "=" + value;
      }
    }
    return filled + query;
  }

  /** OpenAPI 3.1 schemas are JSON Schema 2020-12, with the parts that they name beside them. */
  private static JsonSchema schema(JsonNode description, JsonNode schema) {
    JsonNode whole =
        JSON.createObjectNode()
            .setAll(
                Map.of(
                    "components",
                    description.get("components"),
                    "allOf",
                    JSON.createArrayNode().add(schema)));
    return JsonSchemaFactory.getInstance(SpecVersion.VersionFlag.V202012).getSchema(whole);
  }
}
