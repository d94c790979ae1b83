package org.krgboot.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What Prometheus' own tool says of our metrics, alert rules and configuration. */
@Tag("nightly")
class MetricsTest {
  private static final Path MONITORING = Path.of("..", "packaging", "monitoring");

  @TempDir Path directory;

  @Test
  void promtool_accepts_the_metrics_the_alert_rules_and_the_configuration() throws Exception {
    Path tool = DebianPackages.unpack(directory, "prometheus").program("promtool");
    Shell shell = Shell.onThisHost();
    String alerts = MONITORING.resolve("krgboot-alerts.yml").toString();
    assertThat(shell.must(tool.toString(), "check", "rules", alerts)).contains("8 rules found");
    shell.must(tool.toString(), "check", "config", MONITORING.resolve("prometheus.yml").toString());
    Path metrics = Files.writeString(directory.resolve("metrics"), metrics());
    String command = "\"$0\" check metrics < \"$1\"";
    Shell.Result said = shell.run("sh", "-c", command, tool.toString(), metrics.toString());
    assertThat(said.output()).as("what promtool would like better").isEmpty();
    assertThat(said.status()).isZero();
  }

  /** Of a daemon with all servers that need no network of their own. */
  private String metrics() throws Exception {
    int port;
    try (ServerSocket free = new ServerSocket(0)) {
      port = free.getLocalPort();
    }
    Path config = directory.resolve("krgboot.toml");
    Files.writeString(config, "[status]\nport = " + port + "\n");
    try (TestDaemon _ =
            TestDaemon.start(
                Shell.onThisHost(),
                directory.resolve("state"),
                "--config",
                config.toString(),
                "--only",
                "tftp",
                "--listen",
                "127.0.0.1",
                "--tftp-port",
                "0");
        HttpClient client = HttpClient.newHttpClient()) {
      URI address = URI.create("http://127.0.0.1:" + port + "/metrics");
      String text =
          client
              .send(HttpRequest.newBuilder(address).build(), HttpResponse.BodyHandlers.ofString())
              .body();
      assertThat(text).contains("krgboot_tftp_requests_total 0", "krgboot_nodes{stage=");
      return text;
    }
  }
}
