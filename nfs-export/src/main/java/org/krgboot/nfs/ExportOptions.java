package org.krgboot.nfs;

import java.util.HexFormat;
import java.util.LinkedHashSet;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.krgboot.model.Nearest;

/** The options of one client, exports(5) "General Options" and "User ID Mapping". */
final class ExportOptions {
  private static final String NO_LOCKS =
      "there is no lock manager here: nodes lock among themselves, or mount with nolock";
  private static final String NO_ACLS = "the ACL protocol is not served; ACLs are still enforced";
  private static final String NOT_CROSSED =
      "a file system that is mounted inside is not shown; export it by itself";
  private static final String ONLY_V4 = "it concerns NFSv4 only";

  /** What changes nothing here, and why. */
  static final Map<String, String> WITHOUT_EFFECT =
      Map.ofEntries(
          Map.entry("wdelay", "each write is answered as soon as it is as durable as asked"),
          Map.entry("subtree_check", "a handle is checked by its keyed code, not by its path"),
          Map.entry("crossmnt", NOT_CROSSED),
          Map.entry("nohide", NOT_CROSSED),
          Map.entry("acl", NO_ACLS),
          Map.entry("secure_locks", NO_LOCKS),
          Map.entry("insecure_locks", NO_LOCKS),
          Map.entry("auth_nlm", NO_LOCKS),
          Map.entry("no_auth_nlm", NO_LOCKS),
          Map.entry("pnfs", ONLY_V4),
          Map.entry("no_pnfs", ONLY_V4),
          Map.entry("security_label", ONLY_V4),
          Map.entry(
              "nordirplus", "READDIRPLUS is answered; clients mount with nordirplus instead"));

  /** What says the same as is done here anyhow. */
  static final Set<String> AS_IT_IS =
      Set.of("no_subtree_check", "no_wdelay", "hide", "nocrossmnt", "no_acl");

  /** What cannot be done, and what to do instead. */
  static final Map<String, String> REFUSED =
      Map.of(
          "refer", "NFSv3 has no referrals; mount the other server on the nodes",
          "replicas", "NFSv3 has no replicas; leave it out",
          "xprtsec", "TLS is not served; leave it out, or keep the export in a network of its own",
          "reexport", "an NFS mount cannot be exported again; export it from its own server",
          "squash_uids", "lists of ids are not squashed; use root_squash or all_squash",
          "squash_gids", "lists of ids are not squashed; use root_squash or all_squash",
          "map_static", "ids are not mapped; use all_squash with anonuid= and anongid=",
          "map_daemon", "ids are not mapped; use all_squash with anonuid= and anongid=");

  /** What has an effect. */
  static final Set<String> WITH_EFFECT =
      Set.of(
          ("rw ro sync async root_squash no_root_squash all_squash no_all_squash anonuid anongid"
                  + " secure insecure fsid mountpoint mp sec")
              .split(" "));

  /** Options of mount(8) that are often written here by mistake. */
  private static final Set<String> OF_THE_CLIENT =
      Set.of(
          ("hard soft intr nointr nolock lock rsize wsize vers nfsvers tcp udp proto timeo retrans"
                  + " bg fg noatime nodev nosuid noexec defaults _netdev actimeo noac nfsv3 v3")
              .split(" "));

  private static final Pattern NOT_HEX = Pattern.compile("[^0-9A-Fa-f]");
  private static final SipHash IDS = new SipHash(new byte[HandleKey.LENGTH]);
  private static final int UUID_DIGITS = 32;

  private Terms terms = Terms.DEFAULTS;
  private boolean rootSquash = true;
  private boolean allSquash;
  private Optional<Integer> fsid = Optional.empty();
  private Optional<String> mountPoint = Optional.empty();
  private final Set<String> withoutEffect = new LinkedHashSet<>();

  /** Another set that begins with the same; for the clients behind a line's default options. */
  ExportOptions copy() {
    ExportOptions copy = new ExportOptions();
    copy.terms = terms;
    copy.rootSquash = rootSquash;
    copy.allSquash = allSquash;
    copy.fsid = fsid;
    copy.mountPoint = mountPoint;
    copy.withoutEffect.addAll(withoutEffect);
    return copy;
  }

  Terms terms() {
    if (allSquash) { // wins over no_root_squash, as in Linux fs/nfsd/auth.c
      return terms.with(Terms.Squash.ALL);
    }
    return terms.with(rootSquash ? Terms.Squash.ROOT : Terms.Squash.NONE);
  }

  Optional<Integer> fsid() {
    return fsid;
  }

  /** Where something must be mounted; "" for the export itself. */
  Optional<String> mountPoint() {
    return mountPoint;
  }

  /** The options that change nothing here. */
  Set<String> withoutEffect() {
    return withoutEffect;
  }

  /**
   * Takes one option; of two that contradict each other the later holds.
   *
   * @throws IllegalArgumentException if it is none, or cannot be done; the message says what is
   *     right
   */
  void add(String option) {
    int equals = option.indexOf('=');
    if (equals >= 0) {
      addValue(option.substring(0, equals), option.substring(equals + 1));
    } else {
      addFlag(option);
    }
  }

  private void addFlag(String name) {
    switch (name) {
      case "rw" -> terms = terms.with(Terms.Access.READ_WRITE);
      case "ro" -> terms = terms.with(Terms.Access.READ_ONLY);
      case "sync" -> terms = terms.with(Terms.Durability.SYNC);
      case "async" -> terms = terms.with(Terms.Durability.ASYNC);
      case "secure" -> terms = terms.with(Terms.SourcePorts.RESERVED_ONLY);
      case "insecure" -> terms = terms.with(Terms.SourcePorts.ANY);
      case "root_squash" -> rootSquash = true;
      case "no_root_squash" -> rootSquash = false;
      case "all_squash" -> allSquash = true;
      case "no_all_squash" -> allSquash = false;
      case "mountpoint", "mp" -> mountPoint = Optional.of("");
      case "anonuid", "anongid", "fsid", "sec" ->
          throw new IllegalArgumentException(
              "the option '" + name + "' needs a value: " + name + "=");
      default -> addOther(name);
    }
  }

  private void addOther(String name) {
    if (WITHOUT_EFFECT.containsKey(name)) {
      withoutEffect.add(name);
    } else if (!AS_IT_IS.contains(name)) {
      throw unknown(name);
    }
  }

  private void addValue(String name, String value) {
    switch (name) {
      case "anonuid" -> terms = terms.withAnonymous(id(name, value), terms.anonGid());
      case "anongid" -> terms = terms.withAnonymous(terms.anonUid(), id(name, value));
      case "fsid" -> fsid = Optional.of(fsid(value));
      case "mountpoint", "mp" -> mountPoint = Optional.of(absolute(name, value));
      case "sec" -> mustBeSys(value);
      default -> {
        if (WITH_EFFECT.contains(name)
            || WITHOUT_EFFECT.containsKey(name)
            || AS_IT_IS.contains(name)) {
          throw new IllegalArgumentException(
              "the option '" + name + "' takes no value; write just " + name);
        }
        throw unknown(name);
      }
    }
  }

  /** A number, of which nfs-utils takes negative ones too: -2 was nobody once. */
  private static int id(String name, String value) {
    long number = value.matches("-?[0-9]{1,10}") ? Long.parseLong(value) : Long.MAX_VALUE;
    if (number < Integer.MIN_VALUE || number >= (1L << 32) - 1 || number == -1) {
      throw new IllegalArgumentException(
          name
              + "="
              + ExportsScanner.printable(value)
              + " is no id; write a number, such as 65534");
    }
    return (int) number;
  }

  private static int fsid(String value) {
    if (value.equals("root")) {
      return 0;
    }
    if (value.matches("[0-9]{1,10}") && Long.parseLong(value) < 1L << 32) {
      return (int) Long.parseLong(value);
    }
    String digits = lower(NOT_HEX.matcher(value).replaceAll(""));
    if (digits.length() != UUID_DIGITS) {
      throw new IllegalArgumentException(
          "fsid="
              + ExportsScanner.printable(value)
              + " is none; write root, a number up to 4294967295, or a UUID of 32 hex digits");
    }
    byte[] uuid = HexFormat.of().parseHex(digits);
    return (int) IDS.of(uuid, uuid.length);
  }

  private static String absolute(String name, String value) {
    boolean plain = value.chars().allMatch(c -> c > ' ' && c < 0x7f); // any locale has it
    if (!value.startsWith("/") || !plain) {
      throw new IllegalArgumentException(
          name + "=" + ExportsScanner.printable(value) + " is no path; write it from '/' on");
    }
    return value;
  }

  private static void mustBeSys(String value) {
    for (String flavour : value.split(":", -1)) {
      if (!flavour.equals("sys")) {
        throw new IllegalArgumentException(
            "sec="
                + ExportsScanner.printable(value)
                + " is not served: clients are believed (sec=sys) or not let in; write sec=sys or"
                + " leave it out");
      }
    }
  }

  private static String lower(String name) {
    return name.toLowerCase(Locale.ROOT);
  }

  private static Set<String> all() {
    return Stream.of(WITH_EFFECT, WITHOUT_EFFECT.keySet(), AS_IT_IS)
        .flatMap(Set::stream)
        .collect(Collectors.toUnmodifiableSet());
  }

  private static IllegalArgumentException unknown(String name) {
    String shown = ExportsScanner.printable(name);
    if (REFUSED.containsKey(name)) {
      return new IllegalArgumentException(
          "the option '" + name + "' is not served: " + REFUSED.get(name));
    }
    if (OF_THE_CLIENT.contains(name)) {
      return new IllegalArgumentException(
          "'" + name + "' is an option of the client's mount, not of an export; leave it out here");
    }
    return new IllegalArgumentException(
        "unknown option '"
            + shown
            + "'"
            + Nearest.of(lower(name), all())
                .map(near -> ". Did you mean '" + near + "'?")
                .orElse("; docs/supported/exports.md lists those there are"));
  }
}
