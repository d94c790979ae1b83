package org.krgboot.bootfiles;

import java.util.List;
import java.util.Set;

/** Something that a node can be told to boot. */
public sealed interface BootTarget {
  /** The node root over NFS, which nodes boot unless told otherwise. */
  String DISKLESS = "diskless";

  /** The node's own disk. */
  String LOCAL = "local";

  /** A menu is for people: no more lines than a screen has. */
  int MOST_INITRDS = 8;

  /** Short; for commands, and a label in the configuration of every boot loader. */
  String name();

  /** For a person in front of a menu. */
  String title();

  /** The node root: kernel and initrd from its {@code boot} directory. */
  record NodeRoot() implements BootTarget {
    @Override
    public String name() {
      return DISKLESS;
    }

    @Override
    public String title() {
      return "Node root over NFS";
    }
  }

  /** The next thing that the firmware would boot: the first disk. */
  record LocalDisk() implements BootTarget {
    @Override
    public String name() {
      return LOCAL;
    }

    @Override
    public String title() {
      return "Local disk";
    }
  }

  /** For which machines a program is; what others would not run is not shown to them. */
  enum Platform {
    BIOS,
    UEFI_X64,
    UEFI_ARM64
  }

  /**
   * A kernel with what it needs: a memory test, another system's installer.
   *
   * @param kernel its name as nodes fetch it; one that ends in {@code .efi} is started by firmware
   * @param initrds their names, in order; perhaps none
   * @param append its command line, perhaps empty
   * @param platforms not empty
   */
  record Program(
      String name,
      String title,
      String kernel,
      List<String> initrds,
      String append,
      Set<Platform> platforms)
      implements BootTarget {
    /** Refuses what some boot loader would misread; the message says what is right. */
    public Program {
      initrds = List.copyOf(initrds);
      platforms = Set.copyOf(platforms);
      check(
          name.matches("[a-z][a-z0-9-]{0,31}") && !name.equals(DISKLESS) && !name.equals(LOCAL),
          "the name '"
              + name
              + "' must be a letter, then letters, digits and hyphens, at most 32, and"
              + " neither diskless nor local");
      check(
          title.matches("[\\x20-\\x7e&&[^\"'\\\\^$]]{1,60}"),
          "the title of " + name + " must be 1 to 60 plain letters without quotes, \\, ^ and $");
      checkFile(name, kernel);
      check(
          initrds.size() <= MOST_INITRDS,
          name + " has " + initrds.size() + " initrds; at most " + MOST_INITRDS);
      for (String initrd : initrds) {
        checkFile(name, initrd);
      }
      check(
          append.matches("[\\x20-\\x7e]{0,1500}"),
          "the words of " + name + " must be on one line of at most 1500 plain letters");
      check(!platforms.isEmpty(), name + " is for no machine");
    }

    private static void check(boolean holds, String otherwise) {
      if (!holds) {
        throw new IllegalArgumentException("boot entry: " + otherwise);
      }
    }

    private static void checkFile(String name, String file) {
      check(
          file.matches("[\\x21-\\x7e&&[^\"'\\\\,${}]]{1,255}")
              && !file.startsWith("/")
              && Jail.clean(file).filter(file::equals).isPresent(),
          "the file '" + file + "' of " + name + " must be a name as nodes fetch it: dir/file");
    }

    /** The file that is fetched last: the node has done what it was told. */
    String lastFile() {
      return initrds.isEmpty() ? kernel : initrds.getLast();
    }

    boolean isStartedByFirmware() {
      return kernel.endsWith(".efi");
    }
  }
}
