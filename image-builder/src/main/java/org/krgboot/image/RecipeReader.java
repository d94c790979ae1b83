package org.krgboot.image;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.krgboot.images.RootStyle;
import org.krgboot.model.AddressRange;
import org.krgboot.model.Ipv4;
import org.krgboot.model.Nearest;
import org.krgboot.model.NodeName;
import org.krgboot.steps.Permissions;
import org.krgboot.steps.RecipeException;
import org.krgboot.steps.RecipeFile;
import org.krgboot.steps.RecipeTable;

/** Reads a recipe file. */
public final class RecipeReader {
  private static final List<String> TABLES = List.of("root", "login", "services");
  private static final List<String> LISTS = List.of("file", "user", "script");
  private static final Set<String> ROOT_KEYS =
      Set.of(
          "source",
          "suite",
          "mirror",
          "size",
          "packages",
          "from",
          "strip",
          "host",
          "exclude",
          "also",
          "style",
          "writable",
          "hosts",
          "name-prefix",
          "hosts-lines",
          "leave-alone");
  private static final List<String> SOURCES =
      List.of("debian", "directory", "tar", "oci", "squashfs", "host");

  private final RecipeFile file;
  private final String defaultSuite;

  private RecipeReader(RecipeFile file, String defaultSuite) {
    this.file = file;
    this.defaultSuite = defaultSuite;
  }

  /**
   * Reads a recipe.
   *
   * @param defaultSuite the Debian release if the recipe names none
   * @throws RecipeException with all that is wrong in it
   */
  public static Recipe read(Path path, String defaultSuite) throws RecipeException, IOException {
    return new RecipeReader(RecipeFile.read(path, TABLES, LISTS), defaultSuite).recipe();
  }

  private Recipe recipe() throws RecipeException {
    RecipeTable root = file.table("root");
    root.allow(ROOT_KEYS);
    Source source = new SourceReader(root, file, defaultSuite).read();
    Recipe recipe =
        new Recipe(
            file.name(),
            source,
            root.list("packages", RecipeReader::debianPackage),
            node(root),
            login(),
            file.all("file", this::ownFile),
            file.all("user", this::user),
            services(),
            file.all("script", this::script),
            Set.copyOf(root.list("leave-alone", text -> text)));
    leaveAlone(root, recipe);
    file.mustBeSound();
    return recipe;
  }

  private Recipe.Node node(RecipeTable root) {
    String prefix = root.text("name-prefix").orElse("krgnode");
    Map<Ipv4, NodeName> hosts =
        root.get("hosts", text -> names(AddressRange.parse(text), prefix)).orElse(Map.of());
    RootStyle.Kind kind = root.get("style", RootStyle::kind).orElse(RootStyle.Kind.READ_WRITE);
    List<String> writable =
        root.has("writable")
            ? root.list(
                "writable",
                text ->
                    new RootStyle(RootStyle.Kind.READ_ONLY, List.of(text)).writable().getFirst())
            : kind == RootStyle.Kind.READ_ONLY ? List.of("var", "root", "home") : List.of();
    if (root.has("writable") && kind != RootStyle.Kind.READ_ONLY) {
      root.problem("writable", "writable is for style = \"read-only\"");
    }
    boolean sound = kind != RootStyle.Kind.READ_ONLY || !writable.isEmpty();
    if (!sound) {
      root.problem("writable", "a read-only root needs directories that are writable");
    }
    return new Recipe.Node(
        sound ? new RootStyle(kind, writable) : RootStyle.DEFAULT,
        hosts,
        root.list("hosts-lines", RecipeReader::line));
  }

  private static Map<Ipv4, NodeName> names(AddressRange range, String prefix) {
    Map<Ipv4, NodeName> names = new TreeMap<>();
    range
        .addresses()
        .forEach(address -> names.put(address, new NodeName(prefix + address.octet(3))));
    return names;
  }

  private RootRecipe.Login login() {
    RecipeTable login = file.table("login");
    login.allow(Set.of("root-password-file", "authorized-key"));
    Optional<String> password =
        login.get(
            "root-password-file",
            text -> {
              String first = file.content(text).lines().findFirst().orElse("");
              if (!first.matches("[^\\p{Cntrl}]+")) {
                throw new IllegalArgumentException("the first line of " + text + " is no password");
              }
              return first;
            });
    Optional<Path> key = login.get("authorized-key", file::readable);
    return new RootRecipe.Login(password, key);
  }

  private Recipe.Services services() {
    RecipeTable services = file.table("services");
    services.allow(Set.of("enable", "disable"));
    return new Recipe.Services(
        services.list("enable", RecipeReader::unit), services.list("disable", RecipeReader::unit));
  }

  private Recipe.OwnFile ownFile(RecipeTable table) {
    table.allow(Set.of("path", "content", "from", "mode", "owner"));
    String path = table.get("path", RecipeReader::pathInRoot).orElse("");
    if (path.isEmpty()) {
      table.must("path");
    }
    if (table.has("content") == table.has("from")) {
      table.problem("path", "[[file]] has either content or from");
    }
    return new Recipe.OwnFile(
        path,
        table.text("content"),
        table.get("from", file::readable),
        table.get("mode", Permissions::of).orElse("rw-r--r--"),
        table.get("owner", RecipeReader::owner));
  }

  private Recipe.User user(RecipeTable table) {
    table.allow(Set.of("name", "uid", "groups", "shell", "password-hash", "keys"));
    String name = table.must("name");
    if (!name.isEmpty() && !name.matches("[a-z_][a-z0-9_-]{0,31}")) {
      table.problem("name", "'" + name + "' is not the name of a user");
    }
    return new Recipe.User(
        name,
        table.get("uid", text -> number(text, 60_000)),
        table.list("groups", text -> text),
        table.text("shell").orElse("/bin/bash"),
        table.get("password-hash", RecipeReader::passwordHash),
        table.list("keys", RecipeReader::line));
  }

  private Recipe.Script script(RecipeTable table) {
    table.allow(Set.of("name", "run", "from"));
    String name = table.get("name", RecipeReader::line).orElse("at line " + table.line());
    if (table.has("run") == table.has("from")) {
      table.problem("name", "[[script]] has either run or from");
    }
    Optional<String> text =
        table.has("from") ? table.get("from", file::content) : table.text("run");
    return new Recipe.Script(name, text.orElse(""));
  }

  private void leaveAlone(RecipeTable root, Recipe recipe) {
    List<String> known = Steps.names(recipe);
    for (String name : recipe.leaveAlone()) {
      if (!known.contains(name)) {
        String near =
            Nearest.of(name, known)
                .map(other -> ". Did you mean '" + other + "'?")
                .orElse("; there are " + String.join(", ", known));
        root.problem("leave-alone", "no step '" + name + "' can be left alone" + near);
      }
    }
  }

  static String line(String text) {
    if (!text.matches("[^\\p{Cntrl}]+")) {
      throw new IllegalArgumentException("write it as one line");
    }
    return text;
  }

  static int number(String text, int most) {
    int value = text.matches("[0-9]{1,9}") ? Integer.parseInt(text) : -1;
    if (value < 0 || value > most) {
      throw new IllegalArgumentException("'" + text + "' is not a number from 0 to " + most);
    }
    return value;
  }

  private static String debianPackage(String text) {
    if (!text.matches("[a-z0-9][a-z0-9+.-]+")) {
      throw new IllegalArgumentException("'" + text + "' is not the name of a Debian package");
    }
    return text;
  }

  private static String unit(String text) {
    if (!text.matches("[A-Za-z0-9][A-Za-z0-9:_.@\\\\-]*")) {
      throw new IllegalArgumentException("'" + text + "' is not the name of a unit");
    }
    return text;
  }

  private static String owner(String text) {
    if (!text.matches("[a-z0-9_][a-z0-9_-]*(:[a-z0-9_][a-z0-9_-]*)?")) {
      throw new IllegalArgumentException("'" + text + "' is no owner; write it as user:group");
    }
    return text;
  }

  private static String passwordHash(String text) {
    if (!text.matches("\\$[a-z0-9]+\\$[^\\s:]+")) {
      throw new IllegalArgumentException(
          "this is no hash of shadow(5); make one with: openssl passwd -6");
    }
    return text;
  }

  private static String pathInRoot(String text) {
    if (!text.matches("/[^\\p{Cntrl}]+")
        || Path.of(text).normalize().compareTo(Path.of(text)) != 0) {
      throw new IllegalArgumentException(
          "'" + text + "' is not a path in the root; write it as /etc/motd");
    }
    return text;
  }

  static List<String> sources() {
    return SOURCES;
  }
}
