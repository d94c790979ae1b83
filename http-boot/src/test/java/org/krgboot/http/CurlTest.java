package org.krgboot.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.krgboot.model.Ipv4;

/** A client that is not ours, over HTTP and HTTPS. */
class CurlTest {
  @TempDir Path directory;
  private HttpServer server;
  private byte[] content;

  @BeforeEach
  void start() throws Exception {
    assumeTrue(has("curl"), "SKIPPED: `curl` is missing (package curl)");
    assumeTrue(has("openssl"), "SKIPPED: `openssl` is missing (package openssl)");
    content = new byte[5_000_000];
    new Random(6).nextBytes(content);
    Path root = Files.createDirectory(directory.resolve("root"));
    Files.write(root.resolve("initrd.img"), content);
    server =
        HttpServer.start(
            new HttpConfig(
                Ipv4.parse("127.0.0.1"), 0, Optional.of(tls()), HttpConfig.Limits.DEFAULTS),
            new FolderTree(root),
            _ -> {},
            InstantSource.system());
  }

  private HttpConfig.Tls tls() throws Exception {
    Path certificate = directory.resolve("cert.pem");
    Path key = directory.resolve("key.pem");
    run(
        "openssl",
        "req",
        "-x509",
        "-newkey",
        "rsa:2048",
        "-nodes",
        "-subj",
        "/CN=boot",
        "-addext",
        "subjectAltName=IP:127.0.0.1",
        "-days",
        "2",
        "-keyout",
        key.toString(),
        "-out",
        certificate.toString());
    return new HttpConfig.Tls(0, certificate, key);
  }

  @AfterEach
  void stop() {
    if (server != null) {
      server.close();
    }
  }

  private static boolean has(String command) {
    return java.util.Arrays.stream(System.getenv("PATH").split(":", -1))
        .anyMatch(place -> Files.isExecutable(Path.of(place, command)));
  }

  private static String run(String... command) throws IOException, InterruptedException {
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as("%s\n%s", List.of(command), output).isZero();
    return output;
  }

  private String curl(String... arguments) throws Exception {
    List<String> command =
        new ArrayList<>(List.of("curl", "--silent", "--show-error", "--noproxy", "*"));
    command.addAll(List.of(arguments));
    return run(command.toArray(String[]::new));
  }

  private String url(String name) {
    return "http://127.0.0.1:" + server.port() + "/" + name;
  }

  @Test
  void curl_fetches_goes_on_where_it_stopped_and_leaves_out_what_it_has() throws Exception {
    Path out = directory.resolve("out");
    curl("--fail", "-o", out.toString(), url("initrd.img"));
    assertThat(Files.readAllBytes(out)).isEqualTo(content);
    Files.write(out, java.util.Arrays.copyOf(content, 1234));
    curl("--fail", "-C", "-", "-o", out.toString(), url("initrd.img"));
    assertThat(Files.readAllBytes(out)).isEqualTo(content);
    assertThat(
            curl("-z", out.toString(), "-o", "/dev/null", "-w", "%{http_code}", url("initrd.img")))
        .isEqualTo("304");
    assertThat(curl("-I", url("initrd.img"))).contains("content-length: 5000000");
    assertThat(curl("--path-as-is", url("../etc/passwd"))).contains("leads out of the boot files");
  }

  @Test
  void curl_fetches_several_files_over_one_connection() throws Exception {
    String tail = directory.resolve("out").toString();
    assertThat(
            curl(
                "-w",
                "%{num_connects} ",
                "-o",
                tail,
                url("initrd.img"),
                "-o",
                tail,
                url("rendered")))
        .isEqualTo("1 0 ");
  }

  @Test
  void curl_fetches_by_https_with_the_given_certificate() throws Exception {
    String url = "https://127.0.0.1:" + server.tlsPort().orElseThrow() + "/initrd.img";
    Path out = directory.resolve("out");
    curl("--fail", "--cacert", directory.resolve("cert.pem").toString(), "-o", out.toString(), url);
    assertThat(Files.readAllBytes(out)).isEqualTo(content);
    assertThat(server.counters()).containsEntry("http.sent.files", 1L);
  }
}
