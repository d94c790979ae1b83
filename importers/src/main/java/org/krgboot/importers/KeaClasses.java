package org.krgboot.importers;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Kea's client classes, as far as their tests can be said in marks. */
final class KeaClasses {
  /** What Kea puts before the vendor class of a node to make a class of it. */
  private static final String BY_VENDOR = "VENDOR_CLASS_";

  private final Draft draft;
  private final Report report;
  private final KeaScope scopes;
  private final KeaTest tests;
  private final Map<String, IscCondition> known = new HashMap<>();
  private final Set<String> built = new HashSet<>();
  private final List<Draft.ClassDraft> classes = new ArrayList<>();

  KeaClasses(String file, Draft draft, KeaScope scopes) {
    this.draft = draft;
    this.report = draft.report();
    this.scopes = scopes;
    this.tests = new KeaTest(file, draft.report(), scopes.options(), known);
  }

  /** The name that a class has here, which Kea may have made by itself. */
  String name(String name, Place place) {
    if (name.startsWith(BY_VENDOR) && !known.containsKey(name) && built.add(name)) {
      Marks marks = Marks.of(Marks.Kind.VENDOR_CLASS, name.substring(BY_VENDOR.length()));
      classes.add(draft(place, name, marks, new ScopeDraft()));
    }
    return switch (name) {
      case "KNOWN" -> "known";
      case "UNKNOWN" -> "unknown";
      default -> name;
    };
  }

  void read(Tree tree) {
    String name = tree.scalar("name").map(Tree.Scalar::text).orElse("");
    Optional<Tree.Scalar> test = tree.scalar("test");
    if (name.isEmpty()) {
      report.error(tree.place(), "a class needs a name");
      return;
    }
    if (test.isEmpty()) {
      report.ignored(
          tree.place(),
          "the class '" + name + "' has no test, and a node is in a class by its test only");
      return;
    }
    IscCondition condition = tests.read(test.get());
    known.put(name, condition);
    List<Marks> marks = tests.marks(condition, test.get().place(), name);
    if (marks.isEmpty()) {
      return;
    }
    if (name.equals("DROP")) {
      draft.refused.add(name);
    }
    ScopeDraft scope = new ScopeDraft();
    scopes.define(tree.list("option-def"));
    tree.all()
        .forEach((key, value) -> {
          if (!Set.of("name", "test", "option-def").contains(key)) {
            scopes.say(key, value, tree, scope);
          }
        });
    marks.forEach(each -> classes.add(draft(tree.place(), name, each, scope)));
    report.used(tree.place(), "the class " + name);
  }

  private Draft.ClassDraft draft(Place place, String name, Marks marks, ScopeDraft scope) {
    return new Draft.ClassDraft(
        place,
        name,
        marks,
        scope,
        Optional.empty(),
        Draft.Origin.KEA_CLASS,
        Optional.of(draft.global));
  }

  /** With Kea the first class that says something holds, with us the last. */
  void finish() {
    draft.classes.addAll(classes.reversed());
  }
}
