package org.krgboot.importers;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Files of whole sites: what is looked for among all the others is not looked for one by one. */
class ManyTest {
  private static final int MANY = 20_000;

  private static String network(int i) {
    return "10." + (i >> 8 & 0xff) + "." + (i & 0xff) + ".";
  }

  private static String mac(int i) {
    return String.format("52:54:00:%02x:%02x:%02x", i >> 16 & 0xff, i >> 8 & 0xff, i & 0xff);
  }

  @Test
  void twenty_thousand_subnets_with_a_host_each_are_read() {
    StringBuilder dhcpd = new StringBuilder();
    StringBuilder ethers = new StringBuilder();
    StringBuilder names = new StringBuilder();
    for (int i = 0; i < MANY; i++) {
      dhcpd
          .append("subnet ")
          .append(network(i))
          .append("0 netmask 255.255.255.0 { range ")
          .append(network(i) + "10 " + network(i) + "19; }\nhost h")
          .append(i + " { hardware ethernet " + mac(i))
          .append("; fixed-address h" + i + "; }\n");
      ethers.append(mac(i)).append(' ').append(network(i)).append("5\n");
      names.append(network(i)).append("5 h").append(i).append('\n');
    }
    Map<Format, String> texts = new LinkedHashMap<>();
    texts.put(Format.HOSTS, names.toString());
    texts.put(Format.DHCPD_CONF, dhcpd.toString());
    texts.put(Format.ETHERS, ethers.toString());
    Imported imported = Imported.of(texts);
    assertThat(imported.report().complete()).isTrue();
    assertThat(imported.configuration().subnets()).hasSize(MANY);
    assertThat(imported.configuration().hosts()).hasSize(MANY);
    assertThat(imported.toml()).contains("10.78.31.10-10.78.31.19");
  }

  @Test
  void twenty_thousand_conditions_are_read() {
    StringBuilder dhcpd = new StringBuilder();
    for (int i = 0; i < MANY; i++) {
      dhcpd
          .append("if substring(hardware, 1, 6) = ")
          .append(mac(i))
          .append(i % 2 == 0 ? " { filename \"" + i + "\"; }\n" : " { }\n");
    }
    assertThat(Imported.dhcpd(dhcpd.toString()).configuration().classes()).hasSize(MANY / 2);
  }
}
