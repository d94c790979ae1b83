package org.krgboot.daemon;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Optional;
import java.util.Set;
import org.eclipse.jetty.server.Handler;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class WebGateTest {
  private static final String TOKEN = "0123456789abcdef";

  private static int status(WebGate gate, WebGate.Ask ask) {
    return gate.refusal(ask).map(WebGate.Refusal::status).orElse(200);
  }

  private static WebGate gate(WebGate.Reach reach, Optional<String> token) {
    return new WebGate(
        Set.of("localhost", "127.0.0.1", "[::1]", "boot.example"),
        reach,
        () -> token,
        new Handler.Sequence());
  }

  private static WebGate.Ask ask(String method, String path, String authorization) {
    return new WebGate.Ask(method, path, "localhost:8627", "", "", authorization);
  }

  @ParameterizedTest
  @CsvSource({
    "localhost:8627, 200",
    "127.0.0.1:8627, 200",
    "[::1]:8627, 200",
    "BOOT.example, 200",
    "attacker.example:8627, 421",
    "localhost.attacker.example, 421",
    "'', 421"
  })
  void a_name_that_is_not_ours_is_refused(String host, int status) {
    WebGate.Ask ask = new WebGate.Ask("GET", "/api/nodes", host, "", "", "");
    assertThat(status(gate(WebGate.Reach.THIS_MACHINE, Optional.empty()), ask)).isEqualTo(status);
  }

  @ParameterizedTest
  @CsvSource({
    "GET, /api/nodes, '', cross-site, 403",
    "GET, /api/nodes, '', same-site, 403",
    "GET, /api/nodes, '', same-origin, 200",
    "GET, /api/nodes, '', none, 200",
    "GET, /, '', cross-site, 200",
    "POST, /, '', cross-site, 403",
    "POST, /api/boot, http://attacker.example, '', 403",
    "POST, /api/boot, null, '', 403",
    "POST, /api/boot, http://localhost:9999, '', 403",
    "POST, /api/boot, http://localhost:8627, same-origin, 200"
  })
  void a_page_of_another_site_cannot_ask(
      String method, String path, String origin, String site, int status) {
    WebGate.Ask ask =
        new WebGate.Ask(method, path, "localhost:8627", origin, site, "Bearer " + TOKEN);
    assertThat(status(gate(WebGate.Reach.THIS_MACHINE, Optional.of(TOKEN)), ask)).isEqualTo(status);
  }

  @Test
  void on_this_machine_who_reads_needs_no_token_and_who_acts_does() {
    WebGate gate = gate(WebGate.Reach.THIS_MACHINE, Optional.of(TOKEN));
    assertThat(status(gate, ask("GET", "/api/nodes", ""))).isEqualTo(200);
    assertThat(status(gate, ask("POST", "/api/boot", ""))).isEqualTo(401);
    assertThat(status(gate, ask("POST", "/api/boot", "Bearer wrong"))).isEqualTo(401);
    assertThat(status(gate, ask("POST", "/api/boot", "Basic " + TOKEN))).isEqualTo(401);
    assertThat(status(gate, ask("DELETE", "/api/boot", ""))).isEqualTo(401);
    assertThat(status(gate, ask("POST", "/api/boot", "Bearer " + TOKEN))).isEqualTo(200);
  }

  @Test
  void from_the_network_everything_that_tells_of_the_cluster_needs_the_token() {
    WebGate gate = gate(WebGate.Reach.NETWORK, Optional.of(TOKEN));
    for (String path : new String[] {"/api/nodes", "/api/stream", "/metrics", "/api/counters"}) {
      assertThat(status(gate, ask("GET", path, ""))).as(path).isEqualTo(401);
      assertThat(status(gate, ask("GET", path, "Bearer " + TOKEN))).as(path).isEqualTo(200);
    }
    for (String path : new String[] {"/", "/health", "/ready", "/openapi.json"}) {
      assertThat(status(gate, ask("GET", path, ""))).as(path).isEqualTo(200);
    }
  }

  @Test
  void without_a_token_nobody_acts() {
    WebGate gate = gate(WebGate.Reach.THIS_MACHINE, Optional.empty());
    assertThat(gate.refusal(ask("POST", "/api/boot", "Bearer ")))
        .hasValueSatisfying(no -> {
          assertThat(no.status()).isEqualTo(403);
          assertThat(no.error()).contains("status.token-file");
        });
  }
}
