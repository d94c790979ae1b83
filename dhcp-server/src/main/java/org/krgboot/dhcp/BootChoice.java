package org.krgboot.dhcp;

import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Which boot file which client gets, as one scope of the configuration says it.
 *
 * @param file below the TFTP root, for all nodes of the scope
 * @param files the same for nodes of one architecture
 * @param ipxe what iPXE gets instead: a URL of a script, or a file of the TFTP root
 * @param httpBase where UEFI HTTP boot finds the same files, such as {@code http://10.11.12.1/}
 */
public record BootChoice(
    Optional<String> file,
    Map<Architecture, String> files,
    Optional<String> ipxe,
    Optional<String> httpBase) {
  /** The {@code file} field with its NUL, RFC 2131 section 2. */
  private static final int MAX_FILE = 127;

  /** Option 67 in one part. */
  private static final int MAX_URL = 255;

  private static final Pattern URL = Pattern.compile("https?://[!-~]+");

  /** Names under which iPXE's own binaries are known: it would load itself for ever. */
  private static final Pattern IPXE_BINARY =
      Pattern.compile(
          "(.*/)?((ipxe|undionly|snponly|snp|intel)[^/]*\\.(k*pxe|efi|lkrn)|[^/]*\\.k+pxe)");

  /** Programs of PC BIOS by their names; a machine with UEFI cannot run them. */
  private static final Pattern BIOS_PROGRAM = Pattern.compile(".*\\.(0|k*pxe|bs|bin|bss)");

  /** A scope that says nothing. */
  public static final BootChoice NONE =
      new BootChoice(Optional.empty(), Map.of(), Optional.empty(), Optional.empty());

  /** Refuses what does not fit into a packet, and what would make iPXE load itself for ever. */
  public BootChoice {
    files = Map.copyOf(files);
    file.ifPresent(name -> requireName("the boot file", name, MAX_FILE));
    files.values().forEach(name -> requireName("the boot file", name, MAX_FILE));
    ipxe.ifPresent(name -> requireName("the boot file of iPXE", name, MAX_FILE));
    httpBase.ifPresent(BootChoice::requireUrl);
    require(
        !isIpxeBinary(ipxe.orElse("")),
        "iPXE would get itself again, '" + ipxe.orElse("") + "'; give it a script");
    require(
        ipxe.isPresent() || !isIpxeBinary(file.orElse("")),
        "'" + file.orElse("") + "' is iPXE, which would load itself again; say what iPXE gets");
  }

  /** A scope with this file for all of its nodes. */
  public static BootChoice of(String file) {
    return new BootChoice(Optional.of(file), Map.of(), Optional.empty(), Optional.empty());
  }

  /**
   * What holds in this scope, where the scopes around say {@code outer}: a file for all nodes takes
   * the place of every other that was said further out, but for nodes that cannot run it.
   */
  public BootChoice over(BootChoice outer) {
    Map<Architecture, String> all = new HashMap<>(outer.files);
    if (file.isPresent()) {
      all.keySet().removeIf(architecture -> runs(architecture, file.get()));
    }
    all.putAll(files);
    return new BootChoice(
        file.or(outer::file),
        all,
        file.isPresent() ? ipxe : ipxe.or(outer::ipxe),
        httpBase.or(outer::httpBase));
  }

  /** What the client is told to load. */
  sealed interface Told {
    /** What goes into the {@code file} field and option 67. */
    String name();
  }

  /** A file of the TFTP root, or a URL that iPXE takes for one. */
  record File(String name) implements Told {}

  /** For UEFI HTTP boot: it looks at offers only that name its class in option 60. */
  record Url(String name) implements Told {}

  /** Nothing, so that the firmware goes on to its next way to boot. */
  record Nothing() implements Told {
    @Override
    public String name() {
      return "";
    }
  }

  /** What that client gets; iPXE never gets iPXE. */
  Told of(BootClient client) {
    Optional<String> own = client.architecture().flatMap(this::file);
    return switch (client.program()) {
      case PXE -> told(own);
      case HTTP_BOOT -> own.flatMap(this::url).<Told>map(Url::new).orElseGet(Nothing::new);
      case IPXE -> told(ipxe.or(() -> own.filter(name -> !isIpxeBinary(name))));
      case IPXE_WITHOUT_HTTP ->
          told(
              ipxe.filter(name -> !isUrl(name))
                  .or(() -> own.filter(name -> !isUrl(name) && !isIpxeBinary(name))));
    };
  }

  private Optional<String> url(String name) {
    return isUrl(name) ? Optional.of(name) : httpBase.map(base -> joined(base, name));
  }

  private static boolean isUrl(String name) {
    return URL.matcher(name).matches();
  }

  private Optional<String> file(Architecture architecture) {
    String own = files.get(architecture);
    return own != null ? Optional.of(own) : file.filter(name -> runs(architecture, name));
  }

  private static boolean runs(Architecture architecture, String program) {
    return architecture == Architecture.BIOS || !BIOS_PROGRAM.matcher(program).matches();
  }

  private static Told told(Optional<String> file) {
    return file.<Told>map(File::new).orElseGet(Nothing::new);
  }

  private static String joined(String base, String file) {
    return (base.endsWith("/") ? base : base + "/") + file.replaceFirst("^/+", "");
  }

  private static boolean isIpxeBinary(String name) {
    return IPXE_BINARY.matcher(name.toLowerCase(Locale.ROOT)).matches();
  }

  private static void requireUrl(String url) {
    requireName("the URL of HTTP boot", url, MAX_URL - MAX_FILE);
    require(isUrl(url), "'" + url + "' is not a URL such as http://10.11.12.1/");
  }

  private static void requireName(String what, String name, int maxBytes) {
    require(
        !name.isEmpty() && name.chars().noneMatch(c -> c < ' ' || c == 0x7f),
        what + " has no name, or a control character in it");
    int length = name.getBytes(StandardCharsets.UTF_8).length;
    require(
        length <= maxBytes,
        what + " '" + name + "' has " + length + " bytes; DHCP has room for " + maxBytes);
  }

  private static void require(boolean holds, String otherwise) {
    if (!holds) {
      throw new IllegalArgumentException(otherwise);
    }
  }
}
