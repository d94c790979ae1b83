package org.krgboot.lab;

import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** How far a node has got, in order. */
public enum Stage {
  POWER_ON("switched on", "(?!)"),
  ADDRESS("has an address", "(?!)"),
  LOADER("boot loader", "(?m)^PXELINUX |iPXE [0-9]"),
  KERNEL("kernel", "Linux version [0-9]"),
  ROOT("root mounted", "(?!)"),
  INIT("init", "systemd\\[1\\]: |Welcome to .*!"),
  LOGIN("up", "(?m)^([A-Za-z0-9-]+) login: ");

  private final String words;
  private final Pattern sign;

  Stage(String words, String sign) {
    this.words = words;
    this.sign = Pattern.compile(sign);
  }

  /** For a person. */
  public String words() {
    return words;
  }

  /** The heading of its column in a table of times. */
  String column() {
    return String.format(Locale.ROOT, "%8s", words);
  }

  /** The host name in the newest login prompt. */
  static Optional<String> nameAtPrompt(String serial) {
    return LOGIN
        .sign
        .matcher(serial)
        .results()
        .reduce((older, newer) -> newer)
        .map(m -> m.group(1));
  }

  /** The furthest stage that shows in what came over the serial line. */
  static Optional<Stage> shownIn(String serial) {
    return Stream.of(values())
        .filter(stage -> stage.sign.matcher(serial).find())
        .reduce((nearer, further) -> further);
  }
}
