package org.krgboot.importers;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.krgboot.model.Ipv4;

/**
 * From the statements of a dhcpd.conf to what they mean here; each gets a line in the report. What
 * holds at the end only, such as whether a subnet has that mask, is looked at there.
 */
final class IscMeaning {
  private static final int MOST_CASES = 200;

  final Draft draft;
  final Report report;
  final Function<String, Optional<Ipv4>> names;
  final IscOptions options = new IscOptions();
  final Map<String, IscCondition> classConditions = new HashMap<>();
  final IscConditions conditions = new IscConditions(options, classConditions);
  final List<Runnable> atEnd = new ArrayList<>();

  final IscClasses classes;
  final IscHosts hosts;
  final IscOptionValues optionValues;
  private final IscBlocks blocks;
  private final IscParameters parameters;
  private final IscBranches branches;

  private IscMeaning(Draft draft, Function<String, Optional<Ipv4>> names) {
    this.draft = draft;
    this.report = draft.report();
    this.names = names;
    this.classes = new IscClasses(this);
    this.hosts = new IscHosts(this);
    this.optionValues = new IscOptionValues(this);
    this.blocks = new IscBlocks(this);
    this.parameters = new IscParameters(this);
    this.branches = new IscBranches(this);
  }

  /**
   * Reads a dhcpd.conf into a draft.
   *
   * @param lookup asked for names of machines that the draft does not know
   */
  static void read(
      String file,
      byte[] content,
      SourceFiles files,
      Draft draft,
      Function<String, Optional<Ipv4>> lookup) {
    List<IscStatement> statements = IscParser.parse(file, content, files, draft.report());
    IscMeaning meaning = new IscMeaning(draft, name -> address(draft, name, lookup));
    draft.authority = Configuration.Authority.ONE_OF_SEVERAL;
    meaning.walk(statements, IscContext.global(draft.global));
    meaning.hosts.finish();
    meaning.atEnd.forEach(Runnable::run);
    meaning.branches.finish();
  }

  private static Optional<Ipv4> address(
      Draft draft, String name, Function<String, Optional<Ipv4>> lookup) {
    try {
      return Optional.of(Ipv4.parse(name));
    } catch (IllegalArgumentException e) {
      Optional<Ipv4> known = draft.addressOf(name);
      return known.isPresent() || !name.matches("[A-Za-z0-9][A-Za-z0-9._-]{0,252}")
          ? known
          : lookup.apply(name);
    }
  }

  void walk(List<IscStatement> statements, IscContext context) {
    statements.forEach(statement -> statement(statement, context));
  }

  private void statement(IscStatement statement, IscContext context) {
    Place place = statement.place();
    switch (statement) {
      case IscStatement.Include include -> {
        report.used(place, "what stands in " + include.file());
        walk(include.statements(), context);
      }
      case IscStatement.OptionDefinition definition -> define(definition);
      case IscStatement.OptionSpace space ->
          report.used(place, "the names of options in " + space.name());
      case IscStatement.OptionValue value -> optionValues.apply(value, context);
      case IscStatement.Parameter parameter -> parameters.apply(parameter, context);
      case IscStatement.Block block -> blocks.apply(block, context);
      case IscStatement.Conditional conditional -> branches.apply(conditional, context);
      case IscStatement.Switch choice -> branches.apply(conditional(choice), context);
      case IscStatement.Match _ -> {
        if (context.level() != IscContext.Level.CLASS) {
          report.error(place, "'match' stands in a class only");
        }
      }
      case IscStatement.Action action -> action(action);
    }
  }

  private void define(IscStatement.OptionDefinition definition) {
    OptionType type = OptionType.of(definition.type());
    options.define(definition.name(), definition.code(), type);
    if (definition.type().size() == 2 && definition.type().getFirst().isWord("encapsulate")) {
      optionValues.encapsulate(definition.type().get(1).written(), definition.code());
    }
    report.used(
        definition.place(), "option " + definition.name() + " has the code " + definition.code());
  }

  private void action(IscStatement.Action action) {
    switch (action.name()) {
      case "execute" -> report.ignored(action.place(), "krgboot runs no program for a lease");
      case "set", "let", "unset", "eval", "return" ->
          report.ignored(action.place(), "there are no variables here");
      default -> report.needless(action.place(), "'" + action.name() + "' tells nodes nothing");
    }
  }

  /** A switch as conditions; a case without break goes on with the next one. */
  private IscStatement.Conditional conditional(IscStatement.Switch choice) {
    List<IscStatement.Branch> made = new ArrayList<>();
    Optional<IscStatement.Branch> otherwise = Optional.empty();
    List<IscStatement.Case> cases = choice.cases();
    if (cases.size() > MOST_CASES) {
      report.error(choice.place(), "a switch with more than " + MOST_CASES + " cases is not read");
      cases = List.of();
    }
    for (int i = 0; i < cases.size(); i++) {
      IscStatement.Case one = cases.get(i);
      List<IscStatement> body = untilBreak(cases.subList(i, cases.size()));
      Optional<IscExpression> condition =
          one.value().map(value -> new IscExpression.Binary(one.place(), "=", choice.on(), value));
      IscStatement.Branch branch = new IscStatement.Branch(one.place(), condition, body);
      if (condition.isPresent()) {
        made.add(branch);
      } else {
        otherwise = Optional.of(branch);
      }
    }
    otherwise.ifPresent(made::add);
    return new IscStatement.Conditional(choice.place(), List.copyOf(made));
  }

  private static List<IscStatement> untilBreak(List<IscStatement.Case> cases) {
    List<IscStatement> body = new ArrayList<>();
    for (IscStatement.Case each : cases) {
      for (IscStatement statement : each.body()) {
        if (statement instanceof IscStatement.Action action && action.name().equals("break")) {
          return body;
        }
        body.add(statement);
      }
    }
    return body;
  }
}
