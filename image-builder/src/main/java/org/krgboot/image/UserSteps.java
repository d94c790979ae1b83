package org.krgboot.image;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.krgboot.image.RootFiles.Entry;
import org.krgboot.steps.Step;
import org.krgboot.steps.Step.Repeat;

/** The steps that a recipe's author asks for: files, users, services, scripts, who can log in. */
record UserSteps(Recipe recipe) {
  /** The home directory is the user's own business: its name is in /etc/passwd. */
  private static final String KEYS =
      """
      set -e
      home=$(getent passwd "$1" | cut -d: -f6)
      mkdir -p "$home/.ssh"
      cat > "$home/.ssh/authorized_keys"
      chmod 700 "$home/.ssh"
      chmod 600 "$home/.ssh/authorized_keys"
      chown -R "$1:" "$home/.ssh"
      """;

  List<Step<RootAction>> all() throws IOException {
    List<Step<RootAction>> steps = new ArrayList<>();
    if (!recipe.files().isEmpty()) {
      steps.add(files());
    }
    recipe.users().forEach(user -> steps.add(user(user)));
    steps.add(login());
    if (!recipe.services().equals(Recipe.Services.AS_THEY_ARE)) {
      steps.add(services());
    }
    for (Recipe.Script script : recipe.scripts()) {
      steps.add(
          new Step<>(
              "script " + script.name(),
              "run the script '" + script.name() + "' in the root",
              Repeat.GO_BACK,
              List.of(
                  new RootAction.InRoot(
                      "the script '" + script.name() + "'",
                      List.of("/bin/sh", "-e", "-c", script.text()),
                      ""))));
    }
    return steps;
  }

  private Step<RootAction> files() {
    List<RootAction> actions = new ArrayList<>();
    for (Recipe.OwnFile file : recipe.files()) {
      String path = file.path().replaceFirst("^/+", "");
      file.content()
          .ifPresent(text ->
              actions.add(
                  new RootAction.Write(List.of(new Entry.File(path, text, file.permissions())))));
      file.from()
          .ifPresent(from -> actions.add(new RootAction.Copy(from, path, file.permissions())));
      file.owner()
          .ifPresent(owner ->
              actions.add(
                  new RootAction.InRoot(
                      "giving /" + path + " to " + owner, "chown", "-h", owner, "/" + path)));
    }
    return new Step<>("files", "put the recipe's files into it", Repeat.AGAIN, actions);
  }

  private static Step<RootAction> user(Recipe.User user) {
    List<String> useradd =
        new ArrayList<>(List.of("useradd", "--create-home", "--shell", user.shell()));
    user.id().ifPresent(id -> useradd.addAll(List.of("--uid", id.toString())));
    if (!user.groups().isEmpty()) {
      useradd.addAll(List.of("--groups", String.join(",", user.groups())));
    }
    useradd.add(user.name());
    List<String> unlessThere =
        new ArrayList<>(
            List.of("sh", "-c", "id -u \"$0\" > /dev/null 2>&1 || exec \"$@\"", user.name()));
    unlessThere.addAll(useradd);
    List<RootAction> actions = new ArrayList<>();
    actions.add(new RootAction.InRoot("adding the user " + user.name(), unlessThere, ""));
    user.passwordHash().ifPresent(hash -> actions.add(new RootAction.Password(user.name(), hash)));
    if (!user.keys().isEmpty()) {
      String keys = user.keys().stream().map(key -> key + "\n").collect(Collectors.joining());
      actions.add(
          new RootAction.InRoot(
              "writing the keys of " + user.name(),
              List.of("sh", "-c", KEYS, "sh", user.name()),
              keys));
    }
    return new Step<>("user " + user.name(), "add the user " + user.name(), Repeat.AGAIN, actions);
  }

  private Step<RootAction> login() throws IOException {
    List<RootAction> actions = new ArrayList<>();
    recipe
        .login()
        .rootPassword()
        .ifPresent(word ->
            actions.add(new RootAction.Password("root", PasswordHash.of(word, recipe.name()))));
    if (recipe.login().authorizedKey().isPresent()) {
      Path file = recipe.login().authorizedKey().get();
      actions.add(
          new RootAction.Write(
              List.of(
                  new Entry.File(
                      "root/.ssh/authorized_keys", Files.readString(file), "rw-------"))));
    }
    return new Step<>(
        "login",
        actions.isEmpty()
            ? "let nobody log in as root: no password and no key was given"
            : "set who can log in as root",
        Repeat.AGAIN,
        actions);
  }

  private Step<RootAction> services() {
    List<RootAction> actions = new ArrayList<>();
    for (String unit : recipe.services().enable()) {
      actions.add(new RootAction.InRoot("enabling " + unit, "systemctl", "enable", unit));
    }
    for (String unit : recipe.services().disable()) {
      actions.add(new RootAction.InRoot("disabling " + unit, "systemctl", "disable", unit));
    }
    return new Step<>("services", "start these services and not those", Repeat.AGAIN, actions);
  }
}
