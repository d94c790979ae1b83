package org.krgboot.image;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.krgboot.images.RootStyle;
import org.krgboot.model.Ipv4;
import org.krgboot.model.NodeName;

/**
 * What a node root is to be, and how it is made.
 *
 * @param name for people
 * @param packages installed beyond what the source brings
 * @param files put into it, in this order
 * @param scripts run in it, in this order
 * @param leaveAlone names of steps that are not done
 */
public record Recipe(
    String name,
    Source source,
    List<String> packages,
    Node node,
    RootRecipe.Login login,
    List<OwnFile> files,
    List<User> users,
    Services services,
    List<Script> scripts,
    Set<String> leaveAlone) {

  /**
   * What makes it a root of many nodes.
   *
   * @param hosts the nodes, by address
   * @param lines more of /etc/hosts
   */
  public record Node(RootStyle style, Map<Ipv4, NodeName> hosts, List<String> lines) {}

  /**
   * A file of the user's.
   *
   * @param path in the root, absolute
   * @param content as text; empty if it is read from a file
   * @param permissions as {@code rwxr-xr-x}
   * @param owner as chown takes it; empty for root
   */
  public record OwnFile(
      String path,
      Optional<String> content,
      Optional<Path> from,
      String permissions,
      Optional<String> owner) {}

  /**
   * Somebody who can log in.
   *
   * @param passwordHash as in shadow(5)
   */
  public record User(
      String name,
      Optional<Integer> id,
      List<String> groups,
      String shell,
      Optional<String> passwordHash,
      List<String> keys) {}

  /** Units by name. */
  public record Services(List<String> enable, List<String> disable) {
    static final Services AS_THEY_ARE = new Services(List.of(), List.of());
  }

  /** Lines for {@code /bin/sh -e}, run in the root. */
  public record Script(String name, String text) {}

  public Recipe {
    packages = List.copyOf(packages);
    files = List.copyOf(files);
    users = List.copyOf(users);
    scripts = List.copyOf(scripts);
    leaveAlone = Set.copyOf(leaveAlone);
  }

  /** What {@code krgboot root build} makes without a recipe file. */
  static Recipe of(RootRecipe recipe) {
    return new Recipe(
        "debian-" + recipe.suite(),
        new Source.Debian(recipe.suite(), recipe.mirror(), recipe.size()),
        recipe.extraPackages(),
        new Node(RootStyle.DEFAULT, recipe.hosts(), List.of()),
        recipe.login(),
        List.of(),
        List.of(),
        Services.AS_THEY_ARE,
        List.of(),
        Set.of());
  }
}
