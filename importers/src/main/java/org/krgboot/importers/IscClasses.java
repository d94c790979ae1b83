package org.krgboot.importers;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Classes, and the subclasses that name their members one by one. */
final class IscClasses {
  /** A class whose members are named by the value of something. */
  private record ByValue(
      Draft.ClassDraft draft, IscExpression subject, List<Marks> members, Lines told) {}

  /** Lines of the report. */
  private record Lines(int from, int to) {}

  private final IscMeaning meaning;
  private final Map<String, ByValue> byValue = new HashMap<>();

  IscClasses(IscMeaning meaning) {
    this.meaning = meaning;
  }

  void declare(IscStatement.Block block, IscContext context) {
    String name = block.head().stream().findFirst().map(OptionType::text).orElse("");
    if (name.isEmpty()) {
      meaning.report.error(block.place(), "a class needs a name");
      return;
    }
    Optional<IscStatement.Match> match =
        block.body().stream()
            .filter(IscStatement.Match.class::isInstance)
            .map(IscStatement.Match.class::cast)
            .findFirst();
    ScopeDraft scope = new ScopeDraft();
    if (match.isEmpty()) {
      meaning.report.ignored(block.place(), "the class '" + name + "' does not say its members");
      return;
    }
    switch (match.get().kind()) {
      case IF -> byCondition(block, name, scope, context, match.get().expression());
      case BY_VALUE -> byValue(block, name, scope, context, match.get().expression());
      case SPAWN ->
          meaning.report.ignored(match.get().place(), "classes are not made while nodes ask");
    }
  }

  private void byCondition(
      IscStatement.Block block,
      String name,
      ScopeDraft scope,
      IscContext context,
      IscExpression expression) {
    IscCondition members = meaning.conditions.read(expression);
    meaning.classConditions.put(name, members);
    switch (members) {
      case IscCondition.AnyOf any -> {
        any.alternatives()
            .forEach(marks -> meaning.draft.classes.add(draft(block.place(), name, marks, scope)));
        meaning.report.used(block.place(), "the class " + name);
        meaning.walk(block.body(), context.inClass(scope, members));
      }
      case IscCondition.Constant constant when constant.holds() ->
          meaning.walk(block.body(), context);
      case IscCondition.Constant _ -> meaning.report.needless(block.place(), "it has no members");
      case IscCondition.Unclear unclear -> leftOut(block.place(), name, unclear.why());
      case IscCondition.NoneOf _ ->
          leftOut(block.place(), name, "no class can have all but some nodes");
      case IscCondition.Sends sends ->
          leftOut(
              block.place(), name, "no class can have the nodes that send option " + sends.code());
    }
  }

  private void leftOut(Place place, String name, String why) {
    meaning.report.ignored(place, "the class '" + name + "' is left out: " + why);
  }

  private static Draft.ClassDraft draft(Place place, String name, Marks marks, ScopeDraft scope) {
    return new Draft.ClassDraft(
        place, name, marks, scope, Optional.empty(), Draft.Origin.CLASS, Optional.empty());
  }

  private void byValue(
      IscStatement.Block block,
      String name,
      ScopeDraft scope,
      IscContext context,
      IscExpression subject) {
    if (IscSubject.of(subject, meaning.options).isEmpty()) {
      leftOut(block.place(), name, "it is chosen by something that no class here can be");
      return;
    }
    Draft.ClassDraft place = draft(block.place(), name, Marks.NONE, scope);
    int before = meaning.report.size();
    meaning.draft.classes.add(place);
    meaning.report.used(block.place(), "the class " + name);
    IscCondition unknown =
        new IscCondition.Unclear("a class by value has no conditions within it here");
    meaning.walk(block.body(), context.inClass(scope, unknown));
    Lines told = new Lines(before, meaning.report.size());
    ByValue made = new ByValue(place, subject, new ArrayList<>(), told);
    byValue.put(name, made);
    meaning.atEnd.add(() -> finish(made));
  }

  private void finish(ByValue made) {
    List<Draft.ClassDraft> classes = meaning.draft.classes;
    int at = classes.indexOf(made.draft());
    classes.remove(at);
    List<Marks> merged = new ArrayList<>();
    for (Marks marks : made.members()) {
      Optional<Marks> with = merged.isEmpty() ? Optional.empty() : merged.getFirst().or(marks);
      if (with.isPresent()) {
        merged.set(0, with.get());
      } else {
        merged.add(marks);
      }
    }
    Draft.ClassDraft draft = made.draft();
    for (Marks marks : merged) {
      classes.add(at, draft(draft.place(), draft.name(), marks, draft.scope()));
    }
    if (merged.isEmpty()) {
      Lines told = made.told();
      meaning.report.takeBack(
          told.from(), told.to(), ", but for nobody: no subclass names a member of it");
    }
  }

  void member(IscStatement.Block block, IscContext context) {
    member(block.place(), block.head(), block.body(), context);
  }

  /** {@code subclass "a" 1:52:54:00:12:34:56;}, with or without something to say. */
  void member(Place place, List<IscToken> head, List<IscStatement> body, IscContext context) {
    ByValue of = head.isEmpty() ? null : byValue.get(OptionType.text(head.getFirst()));
    if (of == null || head.size() < 2) {
      meaning.report.ignored(place, "it is of no class that is read");
      return;
    }
    Optional<Marks> marks =
        value(head.get(1))
            .flatMap(value ->
                IscSubject.of(of.subject(), meaning.options)
                    .flatMap(subject -> subject.equalTo(value)));
    if (marks.isEmpty()) {
      meaning.report.ignored(place, "its value says no mark of a node");
      return;
    }
    of.members().add(marks.get());
    meaning.report.used(place, "a member of " + of.draft().name());
    if (!body.isEmpty()) {
      ScopeDraft scope = new ScopeDraft();
      meaning.draft.classes.add(draft(place, of.draft().name() + "-member", marks.get(), scope));
      meaning.walk(body, context.inClass(scope, IscCondition.of(marks.get())));
    }
  }

  private static Optional<IscExpression> value(IscToken token) {
    try {
      String bytes =
          new String(OptionType.octets(token), java.nio.charset.StandardCharsets.ISO_8859_1);
      return Optional.of(new IscExpression.Bytes(token.place(), bytes));
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }
}
