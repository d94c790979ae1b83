package org.krgboot.settings;

import java.util.Optional;
import org.krgboot.bootfiles.BootMenu;

/**
 * What some nodes boot; what is empty stays as it is for all.
 *
 * @param append words behind those that are there already
 */
public record BootWish(
    Optional<String> target,
    Optional<Integer> seconds,
    Optional<String> kernel,
    Optional<String> initrd,
    String append) {
  /** Nothing in particular. */
  static final BootWish NONE =
      new BootWish(Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty(), "");

  /** What another one says, over this. */
  BootWish then(BootWish more) {
    return new BootWish(
        more.target.or(() -> target),
        more.seconds.or(() -> seconds),
        more.kernel.or(() -> kernel),
        // Another kernel has another initrd.
        more.initrd.or(() -> more.kernel.isPresent() ? Optional.empty() : initrd),
        (append + " " + more.append).strip());
  }

  /** What comes of it. */
  BootMenu.Pick over(BootMenu.Pick usual) {
    return new BootMenu.Pick(
        target.orElse(usual.target()),
        seconds.orElse(usual.seconds()),
        kernel.or(usual::kernel),
        initrd.or(() -> kernel.isPresent() ? Optional.empty() : usual.initrd()),
        (usual.append() + " " + append).strip());
  }
}
