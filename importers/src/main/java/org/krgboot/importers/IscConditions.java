package org.krgboot.importers;

import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** From the conditions of a dhcpd.conf to what a class can say. */
final class IscConditions {
  /** What iPXE and gPXE send, and nothing else does: option 175, and 177 in the old ones. */
  private static final Set<Integer> IPXE_OPTIONS = Set.of(175, 177);

  private static final Set<String> IPXE_SPACES = Set.of("ipxe", "gpxe");
  private static final Marks IPXE = Marks.of(Marks.Kind.USER_CLASS, "iPXE");
  private static final Pattern PLAIN_REGEX = Pattern.compile("\\^?([A-Za-z0-9 :_/-]+)(\\.\\*)?");

  private final IscOptions options;
  private final Map<String, IscCondition> classes;

  /**
   * A reader.
   *
   * @param classes what is known of classes that {@code check} names
   */
  IscConditions(IscOptions options, Map<String, IscCondition> classes) {
    this.options = options;
    this.classes = classes;
  }

  IscCondition read(IscExpression expression) {
    return switch (expression) {
      case IscExpression.Not not -> read(not.of()).not();
      case IscExpression.Exists exists -> exists(exists.name());
      case IscExpression.Check check ->
          classes.getOrDefault(
              check.className(),
              new IscCondition.Unclear("the class '" + check.className() + "' is not known"));
      case IscExpression.Binary binary -> binary(binary);
      case IscExpression.Named named -> named(named.name());
      case IscExpression.Call call -> unclear("'" + call.function() + "'");
      case IscExpression.OptionOf option -> exists(option.name());
      case IscExpression.Bytes _ -> unclear("a text");
      case IscExpression.Numeral _ -> unclear("a number");
    };
  }

  private static IscCondition unclear(String what) {
    return new IscCondition.Unclear(what + " is no condition of which a class can be made");
  }

  private static IscCondition named(String name) {
    return switch (name) {
      case "known", "static" ->
          new IscCondition.Unclear("'" + name + "' can be said of a pool's nodes only");
      default -> unclear("'" + name + "'");
    };
  }

  private IscCondition exists(String name) {
    Optional<IscOptions.Definition> option = options.find(name);
    int dot = name.indexOf('.');
    boolean inIpxe = dot > 0 && IPXE_SPACES.contains(name.substring(0, dot));
    Optional<Integer> code = options.code(name);
    if (inIpxe || code.filter(IPXE_OPTIONS::contains).isPresent()) {
      return IscCondition.of(IPXE);
    }
    if (option.isEmpty()) {
      return new IscCondition.Unclear("there is no option '" + name + "'");
    }
    return code.<IscCondition>map(IscCondition.Sends::new)
        .orElseGet(() -> unclear("'exists " + name + "'"));
  }

  private IscCondition binary(IscExpression.Binary binary) {
    return switch (binary.operator()) {
      case "and" -> read(binary.left()).and(read(binary.right()));
      case "or" -> read(binary.left()).or(read(binary.right()));
      case "=" -> equal(binary.left(), binary.right());
      case "!=" -> equal(binary.left(), binary.right()).not();
      case "~=", "~~" -> matches(binary.left(), binary.right());
      default -> unclear("'" + binary.operator() + "'");
    };
  }

  private IscCondition equal(IscExpression left, IscExpression right) {
    Optional<IscSubject> subject = IscSubject.of(left, options);
    if (subject.isEmpty()) {
      subject = IscSubject.of(right, options);
      return subject.isEmpty() ? unclear("this comparison") : equal(subject.get(), left);
    }
    return equal(subject.get(), right);
  }

  private static IscCondition equal(IscSubject subject, IscExpression value) {
    return subject.equalTo(value).map(IscCondition::of).orElseGet(() -> unclear("this comparison"));
  }

  /** A regular expression that is plain text says how a vendor class begins. */
  private IscCondition matches(IscExpression left, IscExpression right) {
    Optional<IscSubject> subject = IscSubject.of(left, options);
    if (subject.isPresent()
        && subject.get().kind() != Marks.Kind.MAC
        && right instanceof IscExpression.Bytes bytes) {
      Matcher plain = PLAIN_REGEX.matcher(bytes.bytes());
      if (plain.matches()) {
        IscExpression text = new IscExpression.Bytes(bytes.place(), plain.group(1));
        return equal(subject.get(), text);
      }
    }
    return unclear("this regular expression");
  }
}
