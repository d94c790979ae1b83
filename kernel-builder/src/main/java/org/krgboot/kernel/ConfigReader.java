package org.krgboot.kernel;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.krgboot.kernel.Config.Option;
import org.krgboot.kernel.Config.Request;
import org.krgboot.kernel.KernelRecipe.Base;
import org.krgboot.kernel.KernelRecipe.Configuration;
import org.krgboot.steps.RecipeFile;
import org.krgboot.steps.RecipeTable;

/**
 * Reads {@code [config]}. Fragments come first, then the recipe's own lines: the last one holds.
 */
record ConfigReader(RecipeFile file) {
  private static final String AS_IT_IS = "as-it-is";

  Configuration read() {
    RecipeTable table = file.table("config");
    table.allow(
        Set.of(
            "base",
            "base-file",
            "base-in-tree",
            "fragments",
            "lines",
            "yes",
            "module",
            "no",
            "set",
            "presets",
            "nics"));
    List<Request> requests = new ArrayList<>();
    List<Path> fragments = new ArrayList<>();
    table.list("fragments", text -> fragment(text, fragments)).forEach(requests::addAll);
    String here = file.name() + ".toml [config] ";
    table
        .get("lines", text -> Config.fragment(text.lines().toList(), here + "lines"))
        .ifPresent(requests::addAll);
    requests.addAll(table.list("yes", text -> request(text, "y", here + "yes")));
    requests.addAll(table.list("module", text -> request(text, "m", here + "module")));
    requests.addAll(table.list("no", text -> request(text, Config.OFF, here + "no")));
    requests.addAll(table.list("set", text -> set(text, here + "set")));
    return new Configuration(
        base(table),
        requests,
        table.list("presets", Preset::parse),
        table.list("nics", NetworkCard::parse),
        fragments);
  }

  private List<Request> fragment(String text, List<Path> fragments) {
    Path path = file.readable(text);
    try {
      fragments.add(path);
      return Config.fragment(
          Files.readAllLines(path, StandardCharsets.ISO_8859_1), "" + path.getFileName());
    } catch (IOException e) {
      throw new IllegalArgumentException(path + " cannot be read: " + e.getMessage(), e);
    }
  }

  private static Request request(String symbol, String value, String from) {
    return new Request(new Option(symbol.replaceFirst("^CONFIG_", ""), value), from);
  }

  private static Request set(String text, String from) {
    int equals = text.indexOf('=');
    if (equals < 1) {
      throw new IllegalArgumentException(
          "'" + Names.shown(text) + "' sets nothing; write it as NAME=value");
    }
    return request(text.substring(0, equals), text.substring(equals + 1), from);
  }

  private Base base(RecipeTable table) {
    List<String> keys = Stream.of("base", "base-file", "base-in-tree").filter(table::has).toList();
    if (keys.size() > 1) {
      table.problem(keys.get(1), "[config] has one of base, base-file and base-in-tree");
    }
    if (table.has("base-file")) {
      return new Base.OwnFile(table.get("base-file", file::readable).orElse(file.directory()));
    }
    if (table.has("base-in-tree")) {
      return new Base.InTree(table.get("base-in-tree", Names::inTree).orElse(""));
    }
    String target = table.get("base", ConfigReader::target).orElse("defconfig");
    return target.equals(AS_IT_IS) ? new Base.AsItIs() : new Base.Target(target);
  }

  private static String target(String text) {
    if (!text.matches("[A-Za-z0-9_.-]*config") && !text.equals(AS_IT_IS)) {
      throw new IllegalArgumentException(
          "'"
              + Names.shown(text)
              + "' is no target that makes a configuration, such as tinyconfig or defconfig; a file of"
              + " yours is base-file, one of the tree base-in-tree");
    }
    return text;
  }
}
