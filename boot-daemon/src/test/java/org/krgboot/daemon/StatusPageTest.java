package org.krgboot.daemon;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.krgboot.model.BootFile;

/**
 * The page in a real browser. Its pictures are in {@code target/status-page}, to be looked at by
 * whoever changes it.
 */
@Tag("nightly")
class StatusPageTest {
  private static final String BAR = "document.querySelector('[data-mac=\"%s\"]').dataset.step";

  @TempDir Path directory;

  @Test
  void a_nodes_bar_moves_among_a_thousand_and_its_timeline_is_told() throws Exception {
    Path pictures = Files.createDirectories(Path.of("target", "status-page"));
    Path token = Files.writeString(directory.resolve("token"), ManyNodes.TOKEN);
    try (ManyNodes nodes = new ManyNodes(directory, ManyNodes.anyPort(Optional.of(token)));
        Chromium browser = Chromium.start(directory)) {
      nodes.boot(1000);
      nodes.asks(1001, Instant.now());
      browser.look(1400, 900, "light");
      browser.go("http://127.0.0.1:" + nodes.port + "/");
      browser.await("document.querySelectorAll('.node').length", "1001");
      String bar = String.format(BAR, ManyNodes.mac(1001));
      assertThat(browser.evaluate(bar)).isEqualTo("1");
      browser.screenshot(pictures.resolve("wide-light.png"));
      nodes.fetches(1001, BootFile.Role.LOADER, Instant.now());
      browser.await(bar, "2");
      nodes.fetches(1001, BootFile.Role.KERNEL, Instant.now());
      browser.await(bar, "3");
      nodes.mounts(1001, Instant.now());
      browser.await(bar, "4");
      nodes.comesUp(1001, Instant.now());
      browser.await(bar, "5");
      assertThat(browser.evaluate("byId('up').textContent")).isEqualTo("751 of 1001 nodes up");
      looks(browser, pictures);
      timeline(browser, nodes, pictures);
    }
  }

  private static void looks(Chromium browser, Path pictures) throws Exception {
    browser.look(1400, 900, "dark");
    browser.screenshot(pictures.resolve("wide-dark.png"));
    browser.look(390, 800, "light");
    browser.screenshot(pictures.resolve("narrow-light.png"));
    browser.look(390, 800, "dark");
    browser.screenshot(pictures.resolve("narrow-dark.png"));
    assertThat(browser.evaluate("document.documentElement.scrollWidth <= innerWidth"))
        .as("nothing is cut off at the side")
        .isEqualTo("true");
    browser.look(1400, 900, "light");
    browser.evaluate("byId('stages').lastChild.click()");
    browser.await(
        "[...document.querySelectorAll('.node')].filter(n => n.offsetHeight > 0).length", "10");
    browser.screenshot(pictures.resolve("trouble-light.png"));
    browser.evaluate("byId('stages').lastChild.click()");
  }

  private static void timeline(Chromium browser, ManyNodes nodes, Path pictures) throws Exception {
    browser.evaluate("open('" + ManyNodes.mac(97) + "')");
    browser.await("byId('boots').textContent.includes('initrd.img')", "true");
    browser.await("byId('why').textContent.length > 20", "true");
    browser.screenshot(pictures.resolve("node-light.png"));
    browser.look(390, 800, "dark");
    browser.screenshot(pictures.resolve("node-narrow-dark.png"));
    browser.evaluate("byId('target').value = 'memtest'");
    browser.evaluate("byId('order').requestSubmit()");
    browser.await("byId('said').textContent", "this needs the token of status.token-file");
    browser.evaluate("byId('token').value = '" + ManyNodes.TOKEN + "'");
    browser.evaluate("byId('order').requestSubmit()");
    browser.await("byId('said').textContent", "ordered of krgnode97");
  }
}
