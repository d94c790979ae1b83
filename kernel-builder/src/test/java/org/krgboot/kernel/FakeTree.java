package org.krgboot.kernel;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.krgboot.steps.BuildProgress;
import org.krgboot.steps.Machine;

/** A make-believe kernel: the targets and files of a real one, made by shell in no time. */
final class FakeTree {
  /** Of init/main.c. */
  static final String PATCH =
      """
      --- a/init/main.c
      +++ b/init/main.c
      @@ -1,4 +1,4 @@
       one
      -two
      +TWO
       three
       four
      """;

  /** What calls itself a compiler: it refuses what has #error in it. */
  private static final String CC =
      """
      #!/bin/sh
      case $1 in
      --version) echo "gcc (Fake) 12.2.0"; exit 0;;
      -dumpfullversion) echo 12.2.0; exit 0;;
      esac
      flags=
      while [ $# -gt 0 ] && [ "$1" != -c ]; do flags="$flags $1"; shift; done
      [ "$1" = -c ] || { echo "cc: error: no input" >&2; exit 1; }
      if grep -n '#error' "$2" > /dev/null; then
        echo "$2: In function 'start':" >&2
        echo "$2:$(grep -n '#error' "$2" | cut -d: -f1):2: error: #error $(sed -n 's/.*#error //p' "$2")" >&2
        exit 1
      fi
      [ ! -e "$WAIT_FILE" ] || { echo $$ > "$WAIT_FILE.begun"; sleep 600; }
      { cat "$2"; shift 4; echo "flags:$flags $*"; } > "$OUT_OF_CC"
      """;

  private static final String MAKEFILE =
      """
      VERSION = 6
      PATCHLEVEL = 1
      SUBLEVEL = 0
      EXTRAVERSION = -fake
      RELEASE = 6.1.0-fake
      SHELL = /bin/sh
      OBJECTS = init/main.o drivers/net/e1000.o

      tinyconfig:
      \tprintf 'CONFIG_64BIT=y\\nCONFIG_TINY=y\\n' > .config
      defconfig:
      \tprintf 'CONFIG_64BIT=y\\nCONFIG_PCI=y\\nCONFIG_NET=y\\nCONFIG_MODULES=y\\n' > .config
      oldconfig olddefconfig:
      \tsh scripts/conf $@
      \tmkdir -p include/config
      \techo $(RELEASE) > include/config/kernel.release

      %.o: %.c .config
      \t@echo "  CC      $@"
      \t@OUT_OF_CC=$@ $(CC) -c $< -o $@ $(KCFLAGS)
      vmlinux: $(OBJECTS)
      \t@echo "  LD      $@"
      \t@n=`cat .version 2>/dev/null || echo 0`; n=$$((n + 1)); echo $$n > .version; \\
      \t  cat $(OBJECTS) .config > $@; echo "build $$n" >> $@
      bzImage: vmlinux
      \t@sh scripts/image $(RELEASE) arch/x86/boot/bzImage
      \t@echo "0 T start" > System.map
      modules: $(OBJECTS)
      \t@echo "  CC [M]  drivers/net/dummy.ko"
      \t@cp init/main.o drivers/net/dummy.ko
      modules_install:
      \tmkdir -p $(INSTALL_MOD_PATH)/lib/modules/$(RELEASE)/kernel
      \tcp drivers/net/dummy.ko $(INSTALL_MOD_PATH)/lib/modules/$(RELEASE)/kernel/
      \tln -sfn $(CURDIR) $(INSTALL_MOD_PATH)/lib/modules/$(RELEASE)/build
      \tln -sfn $(CURDIR) $(INSTALL_MOD_PATH)/lib/modules/$(RELEASE)/source
      \t$(DEPMOD)
      INSTALL_PATH ?= $(CURDIR)/boot-of-the-machine
      INSTALLKERNEL = $(CROSS_COMPILE)installkernel
      install:
      \tif [ -x ~/bin/$(INSTALLKERNEL) ]; then \\
      \t  ~/bin/$(INSTALLKERNEL) $(RELEASE) arch/x86/boot/bzImage System.map $(INSTALL_PATH); \\
      \telif [ -n "$(NEVER_COPIES)" ]; then \\
      \t  echo "the machine's own installkernel" > $(CURDIR)/called; exit 1; \\
      \telse cat arch/x86/boot/bzImage > $(INSTALL_PATH)/vmlinuz; fi
      """;

  private static final String CONF =
      """
      # Keeps what Kconfig knows, as far as what it depends on is there; drops the rest.
      if [ "$1" = oldconfig ]; then read answer || { echo "asked, and nobody answers" >&2; exit 1; }; fi
      : > .config.new
      while read -r line; do
        name=`echo "$line" | sed -n 's/^CONFIG_\\([A-Z0-9_]*\\)=.*/\\1/p'`
        [ -n "$name" ] || { echo "$line" >> .config.new; continue; }
        grep -q "^config $name\\$" Kconfig || continue
        needs=`sed -n "/^config $name\\$/,/^config/s/.*depends on \\([A-Z0-9_]*\\)/\\1/p" Kconfig`
        if [ -n "$needs" ] && ! grep -q "^CONFIG_$needs=[ym]" .config; then
          echo "# CONFIG_$name is not set" >> .config.new
        else
          echo "$line" >> .config.new
        fi
      done < .config
      mv .config.new .config
      """;

  /** The header of a bzImage (Documentation/arch/x86/boot.rst) and all that was compiled. */
  private static final String IMAGE =
      """
      set -e
      mkdir -p `dirname $2`
      head -c 2560 /dev/zero > $2
      put() { printf "$2" | dd of=$out bs=1 seek=$1 conv=notrunc 2>/dev/null; }
      out=$2
      put 497 '\\004'
      put 510 '\\125\\252'
      put 514 'HdrS'
      put 518 '\\017\\002'
      put 526 '\\000\\002'
      put 529 '\\001'
      put 1024 "$1 (krgboot@krgboot) #`cat .version` $KBUILD_BUILD_TIMESTAMP\\000"
      cat vmlinux >> $2
      """;

  private static final String KCONFIG =
      "config 64BIT\n\tbool \"64 bit\"\n"
          + "config TINY\n\tbool \"tiny\"\n"
          + "config PCI\n\tbool \"PCI\"\n"
          + "config MODULES\n\tbool \"modules\"\n"
          + "config NET\n\tbool \"net\"\n"
          + "config INET\n\tbool \"inet\"\n"
          + "config SELECTED\n\tbool\n"
          + "config E1000\n\ttristate \"Intel\"\n\tdepends on PCI\n";

  final Path directory;
  final Path tools;
  final Path tar;

  private FakeTree(Path directory) {
    this.directory = directory;
    this.tools = directory.resolve("fake-tools");
    this.tar = directory.resolve("linux-6.1.tar.gz");
  }

  /** Makes archive and tools. */
  static FakeTree make(Path directory) throws Exception {
    return make(directory, Map.of());
  }

  /** The same, with other files in the tree. */
  static FakeTree make(Path directory, Map<String, String> others) throws Exception {
    FakeTree tree = new FakeTree(directory);
    Files.createDirectories(tree.tools);
    program(tree.tools.resolve("fakecc"), CC);
    for (String tool : List.of("ld", "perl", "bc", "flex", "bison")) {
      program(tree.tools.resolve(tool), "#!/bin/sh\necho " + tool + " 1.0\n");
    }
    program(
        tree.tools.resolve("depmod"),
        "#!/bin/sh\n[ \"$1\" = -b ] && echo kernel/dummy.ko: > \"$2/lib/modules/$5/modules.dep\"\n");
    Path linux = directory.resolve("tree/linux-6.1");
    Map<String, String> files = new java.util.TreeMap<>();
    files.put("Makefile", MAKEFILE);
    files.put("Kconfig", KCONFIG);
    files.put("scripts/conf", CONF);
    files.put("scripts/image", IMAGE);
    files.put("init/main.c", "one\ntwo\nthree\nfour\nfive\nsix\nseven\n");
    files.put("drivers/net/e1000.c", "a card\n");
    files.putAll(others);
    for (Map.Entry<String, String> file : files.entrySet()) {
      Path path = linux.resolve(file.getKey());
      Files.createDirectories(path.resolveSibling("."));
      Files.writeString(path, file.getValue());
    }
    sh(
        directory,
        "find tree -exec touch -d 2024-01-02T03:04:05Z {} +;"
            + " tar --sort=name -czf linux-6.1.tar.gz -C tree linux-6.1");
    return tree;
  }

  Machine machine() {
    return new Machine(tools + ":" + System.getenv("PATH") + ":/usr/sbin:/sbin", Path.of("/proc"));
  }

  /** A recipe for it, with more behind. */
  Path recipe(String more) throws IOException {
    return Files.writeString(
        directory.resolve("fake.toml"),
        """
        [[source]]
        tar = "linux-6.1.tar.gz"

        [compiler]
        cc = "fakecc"
        host-cc = "fakecc"
        """
            + more);
  }

  static final String CONFIG =
      """
      [config]
      base = "defconfig"
      yes = ["E1000"]
      """;

  static void program(Path file, String text) throws IOException {
    Files.writeString(file, text);
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
  }

  static String sh(Path directory, String script) throws IOException, InterruptedException {
    Process process =
        new ProcessBuilder("sh", "-e", "-c", script)
            .directory(directory.toFile())
            .redirectErrorStream(true)
            .start();
    process.getOutputStream().close();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    if (process.waitFor() != 0) {
      throw new AssertionError(script + "\n" + output);
    }
    return output;
  }

  /** Collects what a build tells. */
  static final class Told implements BuildProgress {
    final List<String> lines = new ArrayList<>();

    @Override
    public void step(int number, int of, String what) {
      lines.add(number + " of " + of + ": " + what);
    }

    @Override
    public void note(String line) {
      lines.add(line);
    }
  }

  /** The build of a recipe with this beside its source. */
  KernelBuild build(String more, Path to) throws Exception {
    KernelRecipe recipe = KernelRecipeReader.read(recipe(more));
    return KernelBuild.of(recipe, to, machine(), Optional.empty());
  }

  /** All names below a directory. */
  static List<String> everything(Path below) throws Exception {
    try (Stream<Path> all = Files.walk(below)) {
      return all.map(path -> below.relativize(path).toString()).sorted().toList();
    }
  }
}
