package org.krgboot.importers;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * From if, elsif and else to classes. With dhcpd the first condition that holds is taken; of our
 * classes the last one wins: so they come in reverse order, and what else says is said to all.
 */
final class IscBranches {
  /** What one branch says, and for whom. */
  private record Choice(Place place, IscCondition condition, List<IscStatement> body) {}

  private final IscMeaning meaning;
  private final Set<ScopeDraft> branches = new HashSet<>();

  IscBranches(IscMeaning meaning) {
    this.meaning = meaning;
  }

  void apply(IscStatement.Conditional conditional, IscContext context) {
    if (context.level() == IscContext.Level.HOST) {
      meaning.report.ignored(conditional.place(), "a host has no conditions here");
      return;
    }
    List<Choice> choices = new ArrayList<>();
    Optional<List<IscStatement>> otherwise = choices(conditional.branches(), choices);
    otherwise.ifPresent(body -> meaning.walk(body, context));
    for (Choice choice : choices.reversed()) {
      emit(choice, context);
    }
  }

  /** The choices in their order; what is said to all others is returned. */
  private Optional<List<IscStatement>> choices(
      List<IscStatement.Branch> branches, List<Choice> choices) {
    for (int i = 0; i < branches.size(); i++) {
      IscStatement.Branch branch = branches.get(i);
      IscCondition condition =
          branch.condition().map(meaning.conditions::read).orElse(IscCondition.always());
      switch (condition) {
        case IscCondition.Constant constant -> {
          if (constant.holds()) {
            return Optional.of(branch.body());
          }
          meaning.report.needless(branch.place(), "this condition never holds");
        }
        case IscCondition.AnyOf _ ->
            choices.add(new Choice(branch.place(), condition, branch.body()));
        case IscCondition.NoneOf others -> {
          rest(branches.subList(i + 1, branches.size()), others.not(), branch.place(), choices);
          return Optional.of(branch.body());
        }
        case IscCondition.Sends _ ->
            meaning.report.ignored(
                branch.place(), "no class can say that a node sends an option, whatever is in it");
        case IscCondition.Unclear unclear ->
            meaning.report.ignored(
                branch.place(), unclear.why() + "; what stands in it is left out");
      }
    }
    return Optional.empty();
  }

  /** Behind {@code if not X}, all that follows is for X only. */
  private void rest(
      List<IscStatement.Branch> branches, IscCondition only, Place place, List<Choice> choices) {
    List<Choice> inner = new ArrayList<>();
    Optional<List<IscStatement>> otherwise = choices(branches, inner);
    for (Choice choice : inner) {
      choices.add(new Choice(choice.place(), only.and(choice.condition()), choice.body()));
    }
    if (otherwise.isPresent()) {
      choices.add(new Choice(place, only, otherwise.get()));
    } else if (branches.isEmpty()) {
      meaning.report.ignored(
          place, "what is said to all but some is said to all; write it the other way round");
    }
  }

  private void emit(Choice choice, IscContext context) {
    switch (context.condition().and(choice.condition())) {
      case IscCondition.AnyOf any -> emit(choice, any, context);
      case IscCondition.Constant _ ->
          meaning.report.needless(choice.place(), "this condition never holds here");
      case IscCondition.Unclear unclear -> meaning.report.ignored(choice.place(), unclear.why());
      case IscCondition.NoneOf _, IscCondition.Sends _ ->
          meaning.report.ignored(choice.place(), "no class can say this condition");
    }
  }

  private void emit(Choice choice, IscCondition.AnyOf members, IscContext context) {
    ScopeDraft scope = new ScopeDraft();
    Draft.Origin origin =
        context.level() == IscContext.Level.CLASS ? Draft.Origin.CLASS : Draft.Origin.CONDITION;
    for (Marks marks : members.alternatives()) {
      meaning.draft.classes.add(
          new Draft.ClassDraft(
              choice.place(),
              name(marks),
              marks,
              scope,
              context.within(),
              origin,
              Optional.of(context.scope())));
    }
    context.scope().branch(scope);
    meaning.walk(choice.body(), context.given(scope, members));
    String names =
        members.alternatives().stream().map(IscBranches::name).collect(Collectors.joining(", "));
    meaning.report.used(choice.place(), "the class " + names);
    branches.add(scope);
  }

  /** A branch that says nothing in the end needs no class. */
  void finish() {
    meaning.draft.classes.removeIf(
        each -> each.scope().isEmpty() && branches.contains(each.scope()));
  }

  /** A name that says for whom it is. */
  private static String name(Marks marks) {
    List<String> parts = new ArrayList<>();
    marks.userClasses().forEach(parts::add);
    marks.architectures().forEach(code -> parts.add("arch-" + code));
    marks.vendorClasses().forEach(parts::add);
    marks.macs().forEach(mac -> parts.add("mac-" + mac));
    marks.circuitIds().forEach(id -> parts.add("circuit-" + id));
    marks.remoteIds().forEach(id -> parts.add("remote-" + id));
    String name =
        parts.stream().limit(3).collect(Collectors.joining("-")).replaceAll("[^A-Za-z0-9]+", "-");
    return name.substring(0, Math.min(name.length(), 60));
  }
}
