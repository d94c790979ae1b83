package org.krgboot.settings;

import java.util.Arrays;
import java.util.List;
import java.util.function.UnaryOperator;
import org.krgboot.model.Ipv4;
import org.krgboot.model.MacAddress;
import org.krgboot.model.Nearest;
import org.krgboot.model.NodeName;

/** What can be said of one node in a table {@code [[node]]}, and by {@code krgboot set}. */
public enum NodeKey {
  /** Its network card. */
  MAC("mac", Form.TEXT, text -> MacAddress.parse(text).toString()),
  /** What it is called. */
  NAME("name", Form.TEXT, text -> new NodeName(text).text()),
  /** The address that it always gets. */
  ADDRESS("address", Form.TEXT, text -> Ipv4.parse(text).toString()),
  /** The table {@code [[profile]]} that goes before what is said of the node itself. */
  PROFILE("profile", Form.TEXT, SettingParsers::line),
  /** What it boots. */
  TARGET("target", Form.TEXT, SettingParsers::line),
  /** For how many seconds it shows a menu. */
  MENU_TIMEOUT(
      "menu-timeout", Form.PLAIN, text -> Integer.toString(SettingParsers.menuTimeout(text))),
  /** The kernel of the node root. */
  KERNEL("kernel", Form.TEXT, SettingParsers::line),
  /** Its initrd. */
  INITRD("initrd", Form.TEXT, SettingParsers::line),
  /** Words for that kernel, behind those of all nodes and of its profile. */
  APPEND("append", Form.TEXT, SettingParsers::line),
  /** Whether it is not served at all. */
  REJECTED("rejected", Form.PLAIN, text -> Boolean.toString(SettingParsers.yesOrNo(text)));

  /** How a value is written. */
  private enum Form {
    TEXT,
    PLAIN
  }

  private final String text;
  private final Form form;

  @SuppressWarnings("ImmutableEnumChecker") // functions without state
  private final UnaryOperator<String> parser;

  NodeKey(String text, Form form, UnaryOperator<String> parser) {
    this.text = text;
    this.form = form;
    this.parser = parser;
  }

  /** As written. */
  public String text() {
    return text;
  }

  /**
   * The value in its one spelling.
   *
   * @throws IllegalArgumentException if it is none; the message says what is right
   */
  public String value(String written) {
    return parser.apply(written);
  }

  /** As a line of TOML. */
  String line(String value) {
    return switch (form) {
      case TEXT -> text + " = \"" + value.replace("\\", "\\\\").replace("\"", "\\\"") + "\"";
      case PLAIN -> text + " = " + value;
    };
  }

  /**
   * The key of that name.
   *
   * @throws IllegalArgumentException if there is none; the message has the nearest, or all
   */
  public static NodeKey of(String text) {
    List<String> all = Arrays.stream(values()).map(NodeKey::text).toList();
    return Arrays.stream(values())
        .filter(key -> key.text.equals(text))
        .findFirst()
        .orElseThrow(() ->
            new IllegalArgumentException(
                "unknown key '"
                    + text
                    + "'"
                    + Nearest.of(text, all)
                        .map(near -> ". Did you mean '" + near + "'?")
                        .orElse("; a node has " + String.join(", ", all))));
  }
}
