package org.krgboot.bootfiles;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;
import org.krgboot.model.BootFile;
import org.krgboot.model.BootFileTree;
import org.krgboot.model.Ipv4;
import org.krgboot.model.KernelVersion;
import org.krgboot.model.MacAddress;
import org.krgboot.model.RootVersion;
import org.krgboot.model.StoredKernel;

/**
 * Everything a node can fetch. The first of these that has the name answers: the user's own files,
 * rendered boot loader configuration, the distribution's boot loaders, the kernels of the node root
 * and of the store.
 */
public final class BootFiles implements BootFileTree {
  /** Under this name nodes find the node root's {@code boot} directory. */
  static final String BOOT = "boot/";

  private final List<Jail> own;
  private final LoaderFiles loaders;
  private final Jail boot;
  private final BootEntry entry;
  private final Owners owners;
  private final Names names;
  private final Function<Ipv4, Optional<Ipv4>> servers;
  private final BootMenu menu;

  /**
   * What becomes of names before they are looked for.
   *
   * @param rules applied to every name
   * @param ofNode where a node's own files are
   */
  public record Names(RemapRules rules, NodeDirectories ofNode) {
    public static final Names AS_ASKED = new Names(RemapRules.NONE, NodeDirectories.NONE);
  }

  /**
   * Looks at nothing yet: directories may come later.
   *
   * @param roots the user's own files; the first that has a name wins
   * @param loaderDirectories searched for boot loaders, by file name only
   */
  public BootFiles(
      List<Path> roots, List<Path> loaderDirectories, BootEntry entry, Owners owners, Names names) {
    this.own = roots.stream().map(Jail::of).toList();
    this.loaders = new LoaderFiles(loaderDirectories);
    this.boot = new Jail(entry.nodeRoot(), "boot");
    this.entry = entry;
    this.owners = owners;
    this.names = names;
    this.servers = _ -> Optional.empty();
    this.menu = BootMenu.NONE;
  }

  private BootFiles(BootFiles other, Function<Ipv4, Optional<Ipv4>> servers, BootMenu menu) {
    this.own = other.own;
    this.loaders = other.loaders;
    this.boot = other.boot;
    this.entry = other.entry;
    this.owners = other.owners;
    this.names = other.names;
    this.servers = servers;
    this.menu = menu;
  }

  /**
   * The same on a machine with several addresses.
   *
   * @param addresses which of them a node at that address mounts its root from; where it is empty,
   *     that of the entry
   */
  public BootFiles servedFrom(Function<Ipv4, Optional<Ipv4>> addresses) {
    return new BootFiles(this, addresses, menu);
  }

  /** The same with more to boot than the node root. */
  public BootFiles offering(BootMenu targets) {
    return new BootFiles(this, servers, targets);
  }

  /**
   * Whether a node that was sent this file has done what the target is. The node root is never done
   * by a file: a node can fail after its kernel, and has done it with the first READ of its root.
   * The local disk is done by a configuration, if that was rendered and says so: a file of the
   * user's has the same names.
   */
  public static boolean isDoneBy(BootTarget target, BootFile.Role role, String asked) {
    String name = LoaderFiles.withoutFirmware(Jail.clean(asked).orElse(""));
    return switch (target) {
      case BootTarget.NodeRoot() -> false;
      case BootTarget.LocalDisk() -> role == BootFile.Role.CONFIG && isRendered(name);
      case BootTarget.Program program -> name.equals(program.lastFile());
    };
  }

  private static boolean isRendered(String name) {
    return name.startsWith(PxelinuxConfig.DIRECTORY)
        || name.equals(IpxeScript.NAME)
        || GrubConfig.isRendered(name);
  }

  /** Where Debian and its relatives put boot loaders and their modules. */
  public static List<Path> distributionLoaders() {
    return LoaderFiles.ofDistribution();
  }

  @Override
  public Answer open(String name, Ipv4 node) {
    return switch (names.rules().apply(name, node, owners.of(node))) {
      case RemapRules.Mapped.Refused(String why) -> Jail.refused(Why.FORBIDDEN, why);
      case RemapRules.Mapped.Name(String mapped) -> openMapped(mapped, node);
    };
  }

  private Answer openMapped(String name, Ipv4 node) {
    Optional<String> clean = Jail.clean(name);
    if (clean.isEmpty()) {
      return Jail.refused(Why.FORBIDDEN, "the name leads out of the boot files");
    }
    if (isAnothers(clean.get(), node)) {
      return Jail.refused(Why.FORBIDDEN, "the directory of another node");
    }
    return clean.get().isEmpty()
        ? Jail.refused(Why.FORBIDDEN, "a directory cannot be fetched")
        : find(clean.get(), node);
  }

  /** By the name, or by what {@link #find} makes of it. */
  private boolean isAnothers(String name, Ipv4 node) {
    Optional<MacAddress> owner = owners.of(node);
    return Stream.of(name, LoaderFiles.withoutFirmware(name))
        .anyMatch(each -> names.ofNode().isAnothers(each, node, owner));
  }

  private Answer find(String name, Ipv4 node) {
    // A UEFI loader's directory holds nothing but the loader: the rest is where it always is.
    String plain = LoaderFiles.withoutFirmware(name);
    Answer answer = plain.equals(GrubConfig.LAST) ? grubOfNode(node) : Jail.notFound(name);
    if (isMissing(answer)) {
      answer = own(name, node);
    }
    if (isMissing(answer) && !plain.equals(name) && role(plain) != BootFile.Role.LOADER) {
      answer = own(plain, node);
    }
    if (isMissing(answer)) {
      answer = rendered(name, plain, node);
    }
    if (isMissing(answer)) {
      answer = loaders.open(name);
    }
    if (isMissing(answer) && plain.startsWith(BOOT)) {
      answer = ofKernels(plain.substring(BOOT.length()), role(plain));
    }
    return isMissing(answer) ? otherCase(name, answer) : answer;
  }

  /** A kernel or initrd; below the tag of a version, of that one, published or not. */
  private Answer ofKernels(String name, BootFile.Role role) {
    int slash = name.indexOf('/');
    if (slash < 0) {
      return boot.open(name, role);
    }
    String tag = name.substring(0, slash);
    String file = name.substring(slash + 1);
    Optional<KernelVersion> stored = KernelVersion.tagged(entry.kernels(), tag);
    if (stored.isPresent()) {
      return file.equals(StoredKernel.KERNEL) || file.equals(StoredKernel.INITRD)
          ? new Jail(stored.get().path(), "").open(file, role)
          : Jail.notFound(name);
    }
    Optional<RootVersion> version =
        RootVersion.behind(entry.nodeRoot()).flatMap(published -> published.sibling(tag));
    return version.isPresent()
        ? new Jail(version.get().path(), "boot").open(file, role)
        : boot.open(name, role);
  }

  private Answer own(String name, Ipv4 node) {
    Answer answer = Jail.notFound(name);
    Optional<String> directory = names.ofNode().of(node, owners.of(node));
    if (directory.isPresent()) {
      answer = own(directory.get() + name);
    }
    return isMissing(answer) ? own(name) : answer;
  }

  private Answer own(String name) {
    Answer answer = Jail.notFound(name);
    for (int i = 0; i < own.size() && isMissing(answer); i++) {
      answer = own.get(i).open(name, role(name));
    }
    return answer;
  }

  /** Some firmware writes names in capitals, as DOS had them. */
  private Answer otherCase(String name, Answer missing) {
    for (Jail jail : own) {
      Optional<String> spelt = jail.spelling(name);
      if (spelt.isPresent()) {
        return jail.open(spelt.get(), role(spelt.get()));
      }
    }
    return missing;
  }

  /** By the name that was asked for, since a link's target may be called anything. */
  private BootFile.Role role(String name) {
    if (name.contains(PxelinuxConfig.DIRECTORY) || name.startsWith(GrubConfig.DIRECTORY)) {
      return BootFile.Role.CONFIG;
    }
    String fileName = name.substring(name.lastIndexOf('/') + 1);
    if (entry.kernel().filter(fileName::equals).isPresent()) {
      return BootFile.Role.KERNEL;
    }
    return entry.initrd().filter(fileName::equals).isPresent()
        ? BootFile.Role.INITRD
        : DiskFile.roleOf(fileName);
  }

  static boolean isMissing(Answer answer) {
    return switch (answer) {
      case Answer.Found _ -> false;
      case Answer.Refused(Why why, _) -> why == Why.NOT_FOUND;
    };
  }

  private Answer rendered(String asked, String name, Ipv4 node) {
    if (name.startsWith(PxelinuxConfig.DIRECTORY)) {
      String prefix = asked.substring(0, asked.length() - name.length());
      return givesWay(prefix, name, node)
          ? Jail.notFound(name)
          : render(node, (its, kernel, choice) -> pxelinux(prefix, its, kernel, choice));
    }
    if (name.equals(IpxeScript.NAME)) {
      return ipxe(node);
    }
    if (GrubConfig.isOfPlatform(name)) {
      return find(GrubConfig.LAST, node);
    }
    return name.equals(GrubConfig.LAST) ? render(node, GrubConfig::render) : Jail.notFound(name);
  }

  private Answer ipxe(Ipv4 node) {
    if (hasOwnPxelinux("", node)) {
      return new Answer.Found(new RenderedFile(IpxeScript.toPxelinux()));
    }
    if (!hasOwnPxelinux(LoaderFiles.EFI64, node)) {
      return render(node, IpxeScript::render);
    }
    Answer others =
        render(
            node,
            (its, kernel, choice) ->
                IpxeScript.toSyslinuxOnUefi(IpxeScript.render(its, kernel, choice)));
    return switch (others) {
      case Answer.Found _ -> others;
      case Answer.Refused _ -> new Answer.Found(new RenderedFile(IpxeScript.toPxelinux()));
    };
  }

  /** Debian's GRUB asks by the last name alone: what the user has under the others is meant. */
  private Answer grubOfNode(Ipv4 node) {
    for (String name : GrubConfig.names(node, owners.of(node))) {
      if (!name.equals(GrubConfig.LAST)
          && own(name, node) instanceof Answer.Found(BootFile file)
          && !GrubConfig.closedIfItReadsTheLast(file)) {
        return new Answer.Found(file);
      }
    }
    return Jail.notFound(GrubConfig.LAST);
  }

  /**
   * A configuration of PXELINUX.
   *
   * @param prefix the directory that stands for a kind of firmware; empty for BIOS
   */
  private String pxelinux(
      String prefix, BootEntry its, Optional<KernelChoice> kernel, BootMenu.Choice choice) {
    boolean menu = has(prefix + "menu.c32") && has(prefix + "libutil.c32");
    return PxelinuxConfig.render(
        its,
        kernel,
        choice,
        prefix.isEmpty() ? BootTarget.Platform.BIOS : BootTarget.Platform.UEFI_X64,
        menu ? PxelinuxConfig.Loader.WITH_MENU : PxelinuxConfig.Loader.WITHOUT_MENU);
  }

  private boolean has(String module) {
    if (own.stream().anyMatch(jail -> jail.holds(module))) {
      return true;
    }
    return switch (loaders.open(module)) {
      case Answer.Found(BootFile file) -> {
        file.close();
        yield true;
      }
      case Answer.Refused _ -> false;
    };
  }

  /**
   * PXELINUX asks for the MAC first and for "default" last, but a user who wrote only a "default"
   * means it for all nodes: what is rendered gives way to the user's file for any later name.
   *
   * @param prefix as of {@link #pxelinux}; the loader asks below it, and gets what is there first
   */
  private boolean givesWay(String prefix, String name, Ipv4 node) {
    String asked = name.substring(PxelinuxConfig.DIRECTORY.length());
    return PxelinuxConfig.namesAfter(asked, node)
        .map(later ->
            later.stream()
                .map(next -> PxelinuxConfig.DIRECTORY + next)
                .anyMatch(next -> has(next, node) || has(prefix + next, node)))
        .orElse(true);
  }

  private boolean hasOwnPxelinux(String prefix, Ipv4 node) {
    return PxelinuxConfig.names(node, owners.of(node)).stream()
        .anyMatch(name -> has(prefix + name, node));
  }

  private boolean has(String name, Ipv4 node) {
    Optional<String> directory = names.ofNode().of(node, owners.of(node));
    return own.stream()
        .anyMatch(
            jail -> jail.holds(name) || directory.filter(of -> jail.holds(of + name)).isPresent());
  }

  /** A boot loader's configuration for one node. */
  private interface Form {
    String of(BootEntry entry, Optional<KernelChoice> kernel, BootMenu.Choice choice);
  }

  private Answer render(Ipv4 node, Form form) {
    BootMenu.Pick pick = menu.picks().apply(node);
    try {
      BootEntry its =
          servers.apply(node).map(entry::servedBy).orElse(entry).ofThisMoment().with(pick);
      BootMenu.Choice choice = menu.choice(pick);
      Optional<KernelChoice> kernel = KernelChoice.of(its);
      return kernel.isEmpty() && choice.target() instanceof BootTarget.NodeRoot
          ? Jail.refused(Why.NOTHING_TO_BOOT, noKernel(its))
          : new Answer.Found(
              new RenderedFile(form.of(kernel.map(its::saying).orElse(its), kernel, choice)));
    } catch (IllegalArgumentException e) { // all its words together are too many
      return Jail.refused(Why.NOTHING_TO_BOOT, String.valueOf(e.getMessage()));
    }
  }

  private String noKernel(BootEntry its) {
    boolean usual = its.kernel().isEmpty() && its.initrd().isEmpty();
    Optional<KernelVersion> published =
        usual ? KernelVersion.published(its.kernels(), KernelVersion.DEFAULT) : Optional.empty();
    if (published.isPresent() || its.kernel().filter(KernelVersion::isNamed).isPresent()) {
      String name = its.kernel().orElse(KernelVersion.PREFIX + KernelVersion.DEFAULT);
      return "no kernel " + name + " in " + its.kernels() + "; see krgboot kernel list";
    }
    String wanted = its.kernel().map(name -> "kernel " + name).orElse("kernel");
    String with = its.initrd().map(name -> " with initrd " + name).orElse("");
    return "no " + wanted + with + " in " + boot.directory() + "; run krgboot root build";
  }
}
