package org.krgboot.nfs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Whole files, made of what is found in the wild. */
class RealExportsTest {
  private static ExportsFile read(String name) throws IOException, ExportsException {
    try (InputStream in = RealExportsTest.class.getResourceAsStream("/exports/" + name)) {
      return ExportsFile.parse(name, in.readAllBytes(), ExportWords.HOSTS);
    }
  }

  private static List<String> lines(ExportsFile file) {
    return file.exports().stream().map(ExportWords::line).toList();
  }

  /** A file that gives no remark. */
  private static List<String> plain(String name) throws Exception {
    ExportsFile file = read(name);
    assertThat(file.notes()).isEmpty();
    return lines(file);
  }

  private static List<String> remarks(String name) throws Exception {
    return read(name).notes().stream().map(ExportsFile.Note::toString).toList();
  }

  @Test
  void the_how_tos() throws Exception {
    assertThat(plain("howto")).containsExactly("/NFSROOT/kerrighed *(rw,none)");
  }

  @Test
  void debians_untouched() throws Exception {
    assertThat(plain("untouched")).isEmpty();
  }

  @Test
  void tabs_and_a_netmask() throws Exception {
    assertThat(plain("tabs-and-netmask"))
        .containsExactly("/NFSROOT/kerrighed 192.168.1.0/24(rw,async,none)");
  }

  @Test
  void drbls_one_line_a_client() throws Exception {
    assertThat(plain("drbl"))
        .containsExactly(
            "/tftpboot/node_root 192.168.110.1(ro,async,none) 192.168.110.2(ro,async,none)",
            "/usr 192.168.110.1(ro,async,none) 192.168.110.2(ro,async,none)",
            "/home 192.168.110.1(rw,none) 192.168.110.2(rw,none)",
            "/tftpboot/nodes/192.168.110.1 192.168.110.1(rw,none)",
            "/tftpboot/nodes/192.168.110.2 192.168.110.2(rw,none)");
  }

  @Test
  void hosts_and_domains() throws Exception {
    assertThat(plain("manual-page"))
        .containsExactly(
            "/ front(rw) trusty(rw,none)",
            "/projects *.mycluster.home(rw)",
            "/usr *.mycluster.home(ro)",
            "/home/joe pc001(rw,all,150:100)",
            "/pub *(ro,all,insecure)",
            "/srv/with blank front(rw)");
  }

  @Test
  void continued_lines_and_a_last_one_without_end() throws Exception {
    assertThat(plain("continued"))
        .containsExactly(
            "/srv/root front(rw,none) 10.11.12.0/24(rw,none) 10.11.13.0/24(ro)",
            "/srv/home 10.11.12.0/24(rw)");
    assertThat(plain("without-last-newline")).containsExactly("/srv/home 10.11.12.0/24(rw)");
  }

  @Test
  void lines_that_end_as_on_windows() throws Exception {
    assertThat(plain("windows-lines"))
        .containsExactly("/srv/root 10.0.0.0/8(rw,none)", "/srv/iso *(ro)");
  }

  @Test
  void default_options() throws Exception {
    assertThat(plain("default-options"))
        .containsExactly(
            "/srv/data front(rw) trusty(rw) pc001(ro) 10.11.12.0/24(rw)",
            "/srv/iso *(ro,insecure)");
  }

  @Test
  void octal_digits_and_quotes() throws Exception {
    assertThat(plain("octal"))
        .containsExactly(
            "/srv/my disk 10.0.0.0/8(rw)",
            "/srv/caf\u00e9 10.0.0.0/8(ro)",
            "/srv/half quoted/x 10.0.0.0/8(ro)");
  }

  @Test
  void a_storage_box_writes_all_options() throws Exception {
    assertThat(lines(read("nas")))
        .containsExactly(
            "/volume1/root 10.0.0.0/24(rw,async,none,insecure,1025:100)",
            "/volume1/backup 10.0.0.7(rw,async,none,0:0) 10.0.0.8(ro)");
    assertThat(remarks("nas"))
        .hasSize(3)
        .allMatch(remark -> remark.contains("accepted, without effect"));
  }

  @Test
  void nested_exports_with_fsids() throws Exception {
    assertThat(lines(read("fsids"))).hasSize(3).first().isEqualTo("/srv/nfs fsid=0 10.0.0.0/8(ro)");
    assertThat(remarks("fsids")).hasSize(2);
  }

  @Test
  void diskless_workstations() throws Exception {
    assertThat(plain("diskless-debian"))
        .containsExactly(
            "/srv/nfsroot 192.168.2.0/24(ro,none)",
            "/srv/nfsroot/home 192.168.2.0/24(rw,none)",
            "/srv/nfsroot/var 192.168.2.0/24(rw,async,none)");
  }

  @Test
  void what_a_program_adds_between_marks() throws Exception {
    assertThat(plain("vagrant"))
        .containsExactly("/home/me/project fsid=2382764591 172.28.128.3(rw,all,1000:1000)");
  }

  @Test
  void ipv6_clients_beside_others() throws Exception {
    assertThat(lines(read("ipv6-too")).getFirst()).contains("192.168.0.0/16(ro,all)");
    assertThat(remarks("ipv6-too"))
        .hasSize(3)
        .allMatch(remark -> remark.startsWith("ipv6-too:1: ") && remark.contains("IPv4 only"));
  }

  @Test
  void all_the_rest_of_the_options() throws Exception {
    assertThat(lines(read("locks-and-acls")))
        .containsExactly(
            "/export/scratch mountpoint=/export/scratch 10.1.0.0/16(rw,async,none)",
            "/export/tools mountpoint=/export 10.1.0.0/16(ro)");
    assertThat(remarks("locks-and-acls")).hasSize(8);
  }

  @Test
  void nobody_as_it_was_once_written() throws Exception {
    assertThat(lines(read("old-nobody"))).containsExactly("/pub *(ro,all,insecure,-2:-2)");
    assertThat(remarks("old-nobody")).singleElement().asString().contains("for everybody");
  }

  @Test
  void patterns_beside_everybody() throws Exception {
    assertThat(plain("patterns"))
        .containsExactly("/srv/a krgnode1??.mycluster.home(rw) krgnode[0-9]*(ro) *(ro,all)");
  }
}
