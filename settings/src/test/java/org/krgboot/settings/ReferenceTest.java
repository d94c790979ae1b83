package org.krgboot.settings;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.krgboot.model.Ipv4;
import org.krgboot.model.Subnet;

/** The file of all keys says what the code does. */
class ReferenceTest {
  private static final Path FILE = Path.of("../packaging/reference.toml");
  private static final Ipv4 OWN = Ipv4.parse("10.11.12.1");
  private static final List<HostInterface> MACHINE =
      List.of(new HostInterface("eth1", OWN, Subnet.around(OWN, 24), HostInterface.Kind.NETWORK));

  /** A key, a default or an example, in a table. */
  private static final Pattern KEY = Pattern.compile("(#?)([a-z0-9-]+) = (.*)");

  private static final Pattern TABLE = Pattern.compile("#?(\\[\\[?)([a-z.]+)\\]\\]?.*");

  private static Settings read(String toml) throws SettingsException {
    Problems problems = new Problems();
    RawSettings raw = new RawSettings(problems);
    raw.readText("reference.toml", toml);
    return SettingsReader.read(raw, problems, MACHINE);
  }

  @Test
  void it_has_every_key_and_no_other() throws Exception {
    Set<String> keys = new TreeSet<>();
    String table = "";
    for (String line : Files.readAllLines(FILE)) {
      Matcher begins = TABLE.matcher(line);
      Matcher key = KEY.matcher(line);
      if (begins.matches()) {
        table = begins.group(1).equals("[") ? begins.group(2) : "";
      } else if (key.matches() && !table.isEmpty()) {
        assertThat(keys.add(table + "." + key.group(2))).as(line).isTrue();
      }
    }
    assertThat(keys)
        .isEqualTo(
            Arrays.stream(SettingKey.values())
                .map(SettingKey::text)
                .collect(Collectors.toCollection(TreeSet::new)));
  }

  @Test
  void what_it_states_as_default_is_what_holds_without_any_file() throws Exception {
    String apiSocket = "state-dir = \"/var/lib/krgboot\"";
    String stated = Files.readString(FILE);
    assertThat(stated).contains(apiSocket);
    // With a state directory of its own the socket is below it; that is the one difference.
    assertThat(read(stated.replace(apiSocket, ""))).isEqualTo(read(""));
    assertThat(read(stated).stateDirectory()).isEqualTo(Defaults.STATE_DIR);
  }

  @Test
  void its_examples_are_of_the_keys_that_there_are() throws Exception {
    String all =
        Files.readAllLines(FILE).stream()
            .map(line ->
                KEY.matcher(line).matches() || TABLE.matcher(line).matches()
                    ? line.replaceFirst("^#", "")
                    : line)
            // These two are other words for what is there, and these files are not.
            .filter(line -> !line.startsWith("unknown = ") && !line.startsWith("name-prefix = "))
            .filter(line -> !line.startsWith("map-file = ") && !line.startsWith("exports-file = "))
            .collect(Collectors.joining("\n"));
    Settings settings = read(all);
    assertThat(settings.bootPlan().rules()).hasSize(1);
    assertThat(settings.nodes().known()).hasSize(2);
    assertThat(settings.nodes().groups()).containsOnlyKeys("rack1");
    assertThat(settings.nfs().orElseThrow().config().exports()).hasSize(2);
    assertThat(settings.dhcp().orElseThrow().config().classes()).hasSize(1);
  }

  @Test
  void a_range_that_it_states_for_a_number_is_the_one_that_is_taken() throws Exception {
    Pattern range = Pattern.compile("([a-z-]+) = [0-9]+ .*?([0-9]+) to ([0-9]+).*");
    String table = "";
    int checked = 0;
    for (String line : Files.readAllLines(FILE)) {
      Matcher begins = TABLE.matcher(line);
      Matcher stated = range.matcher(line);
      if (begins.matches()) {
        table = begins.group(2);
      } else if (stated.matches() && !table.isEmpty()) {
        String key = "[" + table + "]\n" + stated.group(1) + " = ";
        long most = Long.parseLong(stated.group(3));
        long least = Long.parseLong(stated.group(2));
        assertThat(isTaken(key + most)).as(key + most).isTrue();
        assertThat(isTaken(key + least)).as(key + least).isTrue();
        assertThat(isTaken(key + (most + 1))).as(key + (most + 1)).isFalse();
        checked++;
      }
    }
    assertThat(checked).isGreaterThan(12);
  }

  private static boolean isTaken(String toml) {
    try {
      read(toml);
      return true;
    } catch (SettingsException e) {
      return false;
    }
  }
}
