package org.krgboot.daemon;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.krgboot.model.Ipv4;
import org.krgboot.nfs.Export;
import org.krgboot.nfs.HostNames;
import org.krgboot.settings.ExportsSource;
import org.krgboot.settings.KnownHosts;

class ExportsReloadTest {
  private static final Export ROOT = Export.readWriteRoot(Path.of("/NFSROOT/kerrighed"));

  @TempDir Path directory;
  private final List<List<Export>> tables = new ArrayList<>();
  private Path file;
  private ExportsReload reload;

  @BeforeEach
  void start() {
    file = directory.resolve("exports");
    reload = reload(Optional.of(file), tables::add);
  }

  private static ExportsReload reload(Optional<Path> file, ExportsReload.Target target) {
    ExportsSource source = new ExportsSource(file, ROOT, HostNames.NONE);
    return new ExportsReload(source, List.of(ROOT), target);
  }

  @Test
  void what_changed_is_told_in_one_line() throws Exception {
    Files.writeString(file, "/home *(rw)\n/opt *(ro)\n");
    assertThat(reload.run()).isEqualTo("added /home, added /opt");
    Files.writeString(file, "/home *(ro)\n/usr *(ro)\n");
    assertThat(reload.run()).isEqualTo("changed /home, added /usr, removed /opt");
    assertThat(reload.run()).isEqualTo("nothing changed");
    assertThat(tables.getLast()).extracting(Export::path).first().isEqualTo(ROOT.path());
  }

  @Test
  void a_bad_file_changes_nothing_and_all_of_it_is_told() throws Exception {
    Files.writeString(file, "/home *(rv)\n/opt (\n");
    assertThatThrownBy(reload::run)
        .isInstanceOf(IOException.class)
        .hasMessageContaining(file + ":1: unknown option 'rv'")
        .hasMessageContaining(file + ":2: ");
    assertThat(tables).isEmpty();
  }

  @Test
  void a_file_that_is_gone_changes_nothing() {
    assertThatThrownBy(reload::run).hasMessageContaining("cannot be read");
    assertThat(tables).isEmpty();
  }

  @Test
  void what_the_server_refuses_is_no_change() throws Exception {
    List<String> refusals = new ArrayList<>(List.of("no such directory"));
    ExportsReload refusing =
        reload(
            Optional.of(file),
            _ -> {
              if (!refusals.isEmpty()) {
                throw new IOException(refusals.removeFirst());
              }
            });
    Files.writeString(file, "/home *(rw)\n");
    assertThatThrownBy(refusing::run).hasMessage("no such directory");
    assertThat(refusing.run()).isEqualTo("added /home");
  }

  @Test
  void without_a_file_there_is_nothing_to_read_again() {
    assertThatThrownBy(reload(Optional.empty(), tables::add)::run)
        .hasMessageContaining("nfs.exports-file");
  }

  @Test
  void the_hosts_file_is_read_anew_each_time() throws Exception {
    Path hosts = Files.writeString(directory.resolve("hosts"), "10.0.0.1 front # main\n::1 six\n");
    KnownHosts names = new KnownHosts(hosts, Optional.empty());
    assertThat(names.known()).containsOnlyKeys("front");
    Files.writeString(hosts, "10.0.0.1\tfront  front.home\n\n10.0.0.2 front\nnonsense\n");
    assertThat(names.known().get("FRONT"))
        .isEqualTo(Set.of(Ipv4.parse("10.0.0.1"), Ipv4.parse("10.0.0.2")));
    assertThat(names.known()).containsKey("front.home");
    assertThat(names.addressesOf("127.0.0.9")).containsExactly(Ipv4.parse("127.0.0.9"));
  }
}
