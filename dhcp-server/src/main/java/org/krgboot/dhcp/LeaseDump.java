package org.krgboot.dhcp;

import java.io.IOException;
import java.nio.charset.MalformedInputException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.krgboot.model.Ipv4;
import org.krgboot.model.Lease;
import org.krgboot.model.MacAddress;
import org.krgboot.model.NodeName;

/**
 * Leases as text: a line each, and at the end a line that tells how many, so that a file that was
 * cut is known.
 */
public final class LeaseDump {
  private static final String FIRST_LINE = "# krgboot leases";
  private static final int MOST_LEASES = 1 << 20;
  private static final long LONGEST_FILE = 256L << 20;

  private LeaseDump() {}

  /** All leases of the store, by address. */
  public static String of(LeaseStore store, Instant now) throws IOException {
    List<Binding> leases = new ArrayList<>(store.load());
    leases.sort(Comparator.comparing(Binding::address));
    StringBuilder text = new StringBuilder();
    text.append(FIRST_LINE).append(", ").append(now).append('\n');
    text.append("# address mac name since renewed expires client-id\n");
    leases.forEach(binding -> text.append(line(binding)).append('\n'));
    return text.append("end ").append(leases.size()).append('\n').toString();
  }

  private static String line(Binding binding) {
    Lease lease = binding.lease();
    return String.join(
        " ",
        lease.address().toString(),
        lease.mac().toString(),
        lease.name().text(),
        lease.since().toString(),
        binding.renewed().toString(),
        lease.expires().toString(),
        binding.clientId().map(Octets::toString).orElse("-"));
  }

  /**
   * Makes the leases of a dump the store's only ones, all or none.
   *
   * @return how many there are now
   * @throws IOException if anything is wrong with the dump, with its line, or the store cannot be
   *     written; nothing has changed then
   */
  public static int restore(Path dump, LeaseStore store, Instant now) throws IOException {
    List<Binding> leases = read(dump);
    store.replaceAll(leases, now);
    return leases.size();
  }

  private static List<Binding> read(Path dump) throws IOException {
    try {
      if (Files.size(dump) > LONGEST_FILE) {
        throw new IOException(dump + " is too large to be a dump of leases");
      }
      return parse(dump.toString(), Files.readAllLines(dump));
    } catch (NoSuchFileException e) {
      throw new IOException("there is no file " + dump, e);
    } catch (MalformedInputException e) {
      throw new IOException(dump + " is not text, so it is no dump of leases", e);
    }
  }

  /**
   * The leases of a dump's lines.
   *
   * @param file named in what is thrown
   */
  static List<Binding> parse(String file, List<String> lines) throws IOException {
    List<Binding> leases = new ArrayList<>();
    Map<Object, Integer> seen = new HashMap<>();
    for (int number = 1; number <= lines.size(); number++) {
      String line = lines.get(number - 1).strip();
      String place = file + ":" + number + ": ";
      if (line.isEmpty() || line.startsWith("#")) {
        continue;
      }
      if (line.startsWith("end ")) {
        requireEnd(line, place, leases.size(), lines.subList(number, lines.size()));
        return leases;
      }
      Binding binding = binding(line, place);
      requireNew(seen, binding.address(), place, number);
      leases.add(binding);
      if (leases.size() > MOST_LEASES) {
        throw new IOException(place + "there are more than " + MOST_LEASES + " leases");
      }
    }
    throw new IOException(
        file
            + ":"
            + (lines.size() + 1)
            + ": the line 'end "
            + leases.size()
            + "' is missing, so the file was cut; take a whole one");
  }

  private static void requireEnd(String line, String place, int count, List<String> rest)
      throws IOException {
    if (!line.equals("end " + count)) {
      throw new IOException(
          place
              + "'"
              + shown(line)
              + "', but there are "
              + count
              + " leases above; lines are missing");
    }
    if (rest.stream().anyMatch(after -> !after.isBlank())) {
      throw new IOException(place + "there is more after the end; two files in one?");
    }
  }

  private static void requireNew(Map<Object, Integer> seen, Object key, String place, int number)
      throws IOException {
    Integer other = seen.putIfAbsent(key, number);
    if (other != null) {
      throw new IOException(place + key + " has a lease in line " + other + " already");
    }
  }

  private static Binding binding(String line, String place) throws IOException {
    String[] words = line.split("\\s+", -1);
    if (words.length != 7) {
      throw new IOException(
          place
              + "'"
              + shown(line)
              + "' is not 'ADDRESS MAC NAME SINCE RENEWED EXPIRES CLIENT-ID', each without a space");
    }
    try {
      Lease lease =
          new Lease(
              MacAddress.parse(words[1]),
              Ipv4.parse(words[0]),
              new NodeName(words[2]),
              second(words[3]),
              second(words[5]));
      return new Binding(lease, second(words[4]), clientId(words[6]));
    } catch (IllegalArgumentException | DateTimeException e) {
      throw new IOException(place + e.getMessage(), e);
    }
  }

  private static Optional<Octets> clientId(String text) {
    return text.equals("-") ? Optional.empty() : Optional.of(Octets.parse(text));
  }

  /** The database compares times as text, which needs them all of one form. */
  private static Instant second(String text) {
    Instant instant = Instant.parse(text);
    if (!instant.truncatedTo(ChronoUnit.SECONDS).toString().equals(text)) {
      throw new IllegalArgumentException(
          "'" + text + "' is not a time of whole seconds such as 2026-01-01T00:00:00Z");
    }
    return instant;
  }

  private static String shown(String line) {
    return line.length() <= 80 ? line : line.substring(0, 80) + "...";
  }
}
