package org.krgboot.kernel;

import java.util.ArrayList;
import java.util.List;
import org.krgboot.kernel.KernelRecipe.Kerrighed;

/** Kerrighed's own files in a node root, as its how-to has them. */
final class KerrighedFiles {
  private KerrighedFiles() {}

  static List<KernelAction> of(Kerrighed kerrighed) {
    List<KernelAction> actions = new ArrayList<>();
    actions.add(
        new KernelAction.Write(
            "etc/kerrighed_nodes", String.join("\n", kerrighed.nodes()) + "\n", "rw-r--r--"));
    if (!kerrighed.defaults().isEmpty()) {
      actions.add(
          new KernelAction.Write(
              "etc/default/kerrighed",
              String.join("\n", kerrighed.defaults()) + "\n",
              "rw-r--r--"));
    }
    actions.add(new KernelAction.Write("config/", "", "rwxr-xr-x"));
    actions.add(
        new KernelAction.Write(
            KernelInstall.ADDITIONS + "etc/fstab",
            "configfs /config configfs defaults 0 0\n",
            "rw-r--r--"));
    return actions;
  }
}
