package org.krgboot.importers;

/** The libraries that Kea loads: what nodes notice of them. */
final class KeaHooks {
  private KeaHooks() {}

  static void tell(Tree all, Report report) {
    for (Tree each : all.list("hooks-libraries")) {
      String path = each.scalar("library").map(Tree.Scalar::text).orElse("?");
      String library = path.substring(path.lastIndexOf('/') + 1);
      String what = library.replaceFirst("^libdhcp_", "").replaceFirst("\\.so$", "");
      if (what.endsWith("_cmds")) {
        report.needless(each.place(), library + ": the daemon is asked by its own commands");
      } else {
        report.ignored(each.place(), library + ": " + loss(what));
      }
    }
  }

  private static String loss(String what) {
    return switch (what) {
      case "ha" -> "there is no failover; one krgboot serves all addresses";
      case "run_script" -> "krgboot runs no program for a lease";
      case "flex_id" -> "hosts are recognised by MAC address, client id, DUID or relay";
      case "flex_option" -> "options are not computed";
      case "legal_log", "forensic_log" ->
          "who had which address is kept; see krgboot leases history";
      case "mysql", "pgsql", "radius" -> "what is in a database is not read";
      default -> "krgboot loads no libraries";
    };
  }
}
