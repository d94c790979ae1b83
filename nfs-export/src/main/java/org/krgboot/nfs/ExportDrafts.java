package org.krgboot.nfs;

import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.krgboot.nfs.ExportDraft.Part;
import org.krgboot.nfs.ExportsReader.Remark;

/** What can only be seen once a whole exports file has been read. */
final class ExportDrafts {
  private final List<Remark> problems;
  private final List<Remark> notes;

  private ExportDrafts(List<Remark> problems, List<Remark> notes) {
    this.problems = problems;
    this.notes = notes;
  }

  /** Adds to the problems and notes what does not go together. */
  static void check(Collection<ExportDraft> all, List<Remark> problems, List<Remark> notes) {
    ExportDrafts check = new ExportDrafts(problems, notes);
    all.forEach(check::check);
    check.fsids(all);
  }

  private void check(ExportDraft draft) {
    twice(draft);
    withoutEffect(draft);
    widerThanUnresolved(draft);
    overlaps(draft);
  }

  private void twice(ExportDraft draft) {
    Map<String, Part> seen = new HashMap<>();
    for (Part part : draft.parts()) {
      Part first = seen.putIfAbsent(part.clients().toString().toLowerCase(Locale.ROOT), part);
      if (first != null) {
        note(
            part,
            draft.path()
                + " names "
                + part.clients()
                + " twice; line "
                + first.line()
                + " holds, and this is without effect");
      }
    }
  }

  /** Each option once a path, however many clients have it. */
  private void withoutEffect(ExportDraft draft) {
    Map<String, Part> seen = new HashMap<>();
    for (Part part : draft.parts()) {
      for (String option : part.options().withoutEffect()) {
        if (seen.putIfAbsent(option, part) == null) {
          String why = ExportOptions.WITHOUT_EFFECT.get(option);
          note(part, "'" + option + "' is accepted, without effect: " + why);
        }
      }
    }
  }

  /**
   * A host that is to have less than all others must not have what they have for lack of a name.
   */
  private void widerThanUnresolved(ExportDraft draft) {
    boolean wider = draft.parts().stream().anyMatch(part -> part.clients().width() > 0);
    for (Part part : draft.parts()) {
      if (part.isUnresolved() && wider) {
        problems.add(
            new Remark(
                part.line(),
                "the host '"
                    + part.clients()
                    + "' has no IPv4 address now, and other clients of "
                    + draft.path()
                    + " may include it; add it to /etc/hosts or write its address"));
      }
    }
  }

  private void overlaps(ExportDraft draft) {
    List<Part> parts = draft.parts();
    for (int i = 0; i < parts.size(); i++) {
      for (int j = i + 1; j < parts.size(); j++) {
        Part first = parts.get(i);
        Part later = parts.get(j);
        if (first.clients() instanceof Clients.Network wide
            && later.clients() instanceof Clients.Network narrow
            && wide.width() > narrow.width()
            && wide.contains(narrow.subnet().network())
            && !first.options().terms().equals(later.options().terms())) {
          note(
              later,
              "for clients in both "
                  + wide
                  + " and "
                  + narrow
                  + " the narrower one holds here; nfs-utils takes the one written first");
        }
      }
    }
  }

  private void fsids(Collection<ExportDraft> all) {
    Map<Integer, ExportDraft> owners = new HashMap<>();
    for (ExportDraft draft : all) {
      List<Part> given = draft.withFsid();
      for (Part part : given) {
        if (!part.options().fsid().equals(given.getFirst().options().fsid())) {
          problem(part, draft.path() + " has two fsids; an export has one for all its clients");
        }
      }
      if (!given.isEmpty()) {
        ExportDraft other =
            owners.putIfAbsent(given.getFirst().options().fsid().orElseThrow(), draft);
        if (other != null) {
          problem(
              given.getFirst(),
              "the fsid of "
                  + draft.path()
                  + " is that of "
                  + other.path()
                  + " (line "
                  + other.line()
                  + ") already; give each export its own, or none");
        }
      }
    }
  }

  private void note(Part part, String text) {
    notes.add(new Remark(part.line(), text));
  }

  private void problem(Part part, String text) {
    problems.add(new Remark(part.line(), text));
  }
}
