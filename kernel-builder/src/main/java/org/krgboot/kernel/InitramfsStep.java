package org.krgboot.kernel;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.krgboot.kernel.KernelAction.Watch;
import org.krgboot.kernel.KernelAction.Where;
import org.krgboot.kernel.KernelRecipe.Initramfs;
import org.krgboot.steps.Chroot;
import org.krgboot.steps.Step;
import org.krgboot.steps.Step.Repeat;

/**
 * An initrd for the kernel, made by a node root's own mkinitramfs. The root is not changed: what
 * the program needs is laid over it in memory, where only this build sees it.
 */
record InitramfsStep(KernelPlace place, Path tree) {
  private static final String SCRIPT =
      """
      set -e
      root=$1 over=$2 stage=$3 config=$4 release=$5 compress=$6 modules=$7 out=$8
      shift 8
      mkdir -p "$over"
      mount -t tmpfs -o mode=0755 tmpfs "$over"
      mkdir "$over/up" "$over/work" "$over/root"
      lib=lib
      [ ! -L "$root/lib" ] || lib=usr/lib
      mkdir -p "$over/up/$lib/modules/$release" "$over/up/boot" "$over/up/etc/initramfs-tools/conf.d"
      for each in lib usr/lib; do
        [ ! -d "$stage/$each/modules/$release" ] ||
          cp -a "$stage/$each/modules/$release/." "$over/up/$lib/modules/$release/"
      done
      [ -e "$over/up/$lib/modules/$release/modules.dep" ] ||
        : > "$over/up/$lib/modules/$release/modules.dep"
      cp "$config" "$over/up/boot/config-$release"
      printf 'MODULES=netboot\\nBOOT=nfs\\nCOMPRESS=%s\\n' "$compress" \
        > "$over/up/etc/initramfs-tools/conf.d/zz-krgboot"
      if [ -n "$modules" ]; then
        cat "$root/etc/initramfs-tools/modules" > "$over/up/etc/initramfs-tools/modules" 2>/dev/null || :
        printf '%s\\n' $modules >> "$over/up/etc/initramfs-tools/modules"
      fi
      mount -t overlay -o "lowerdir=$root,upperdir=$over/up,workdir=$over/work" overlay "$over/root"
      ( "$@" mkinitramfs -o /boot/krgboot-initrd "$release" )
      cp "$over/root/boot/krgboot-initrd" "$out.part"
      chmod 644 "$out.part"
      mv "$out.part" "$out"
      """;

  Step<KernelAction> of(Initramfs initramfs) {
    List<String> words = new ArrayList<>(List.of("sh", "-c", SCRIPT, "sh"));
    Path over = place.initrdRoot();
    words.addAll(
        List.of(
            initramfs.root().toString(),
            over.toString(),
            place.stage().toString(),
            place.fresh().resolve("config").toString(),
            KernelAction.RELEASE,
            initramfs.compress(),
            String.join(" ", initramfs.modules()),
            place.fresh().resolve("initrd.img").toString()));
    words.addAll(Chroot.entering(over.resolve("root"), List.of()));
    return new Step<>(
        "initramfs",
        "make the initrd by the mkinitramfs of " + initramfs.root(),
        Repeat.AGAIN,
        List.of(
            new KernelAction.Reads(initramfs.root().resolve("etc/initramfs-tools")),
            // Which packages it has, and of which version: programs, hooks and firmware are theirs.
            new KernelAction.Reads(initramfs.root().resolve("var/lib/dpkg/status")),
            new KernelAction.Run(
                "making the initrd",
                tree,
                words,
                Map.of("TMPDIR", "/tmp"),
                Where.MACHINE,
                Watch.LOG_ONLY)));
  }
}
