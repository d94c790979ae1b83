package org.krgboot.settings;

import static org.krgboot.settings.SettingKey.*;

import java.io.IOException;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.krgboot.bootfiles.BootFiles;
import org.krgboot.bootfiles.NodeDirectories;
import org.krgboot.bootfiles.RemapRules;
import org.krgboot.model.Ipv4;
import org.krgboot.tftp.TftpConfig;

/** The part of the settings that TFTP needs, and the files that it sends. */
final class TftpSettings {
  /** Of IP, UDP and TFTP together. */
  private static final int HEADERS = 32;

  private static final int SMALLEST_BLOCK_LIMIT = 512;

  private final RawSettings raw;
  private final Problems problems;

  TftpSettings(RawSettings raw, Problems problems) {
    this.raw = raw;
    this.problems = problems;
  }

  TftpConfig config(Ipv4 server, Optional<HostInterface> nic) {
    int blockSize =
        raw.get(TFTP_MAX_BLOCK_SIZE, SettingParsers::blockSize).orElse(Defaults.TFTP_BLOCK_SIZE);
    return new TftpConfig(
        server,
        raw.get(TFTP_PORT, SettingParsers::port).orElse(Defaults.TFTP_PORT),
        Optional.empty(),
        Math.min(blockSize, fitting(nic)),
        raw.get(TFTP_MAX_WINDOW, SettingParsers::window).orElse(Defaults.TFTP_WINDOW),
        raw.get(TFTP_MAX_TRANSFERS, SettingParsers::transfers).orElse(Defaults.TFTP_TRANSFERS),
        raw.get(TFTP_DSCP, SettingParsers::dscp).orElse(0));
  }

  /** The largest block that the interface sends in one frame: boot ROMs join no fragments. */
  private static int fitting(Optional<HostInterface> nic) {
    try {
      NetworkInterface found =
          nic.isPresent() ? NetworkInterface.getByName(nic.get().name()) : null;
      int mtu = found == null ? Integer.MAX_VALUE : found.getMTU();
      return Math.max(SMALLEST_BLOCK_LIMIT, mtu - HEADERS);
    } catch (SocketException e) {
      return Integer.MAX_VALUE; // it went away; binding to it will say so
    }
  }

  Settings.Files files() {
    List<Path> roots = new ArrayList<>();
    roots.add(raw.get(TFTP_ROOT, SettingParsers::absolutePath).orElse(Defaults.TFTP_ROOT));
    roots.addAll(raw.list(TFTP_MORE_ROOTS, SettingParsers::absolutePath).orElse(List.of()));
    return new Settings.Files(
        roots,
        raw.list(TFTP_LOADERS, SettingParsers::absolutePath)
            .orElseGet(BootFiles::distributionLoaders),
        new BootFiles.Names(
            raw.get(TFTP_MAP_FILE, SettingParsers::absolutePath)
                .map(this::rules)
                .orElse(RemapRules.NONE),
            raw.get(TFTP_NODE_DIRECTORIES, SettingParsers::nodeDirectories)
                .orElse(NodeDirectories.NONE)));
  }

  private RemapRules rules(Path file) {
    try {
      switch (RemapRules.parse(Files.readString(file))) {
        case RemapRules.Parsed.Rules(RemapRules rules) -> {
          return rules;
        }
        case RemapRules.Parsed.Wrong(List<RemapRules.Problem> wrong) ->
            wrong.forEach(problem -> problems.add(file + ":" + problem.line(), problem.text()));
      }
    } catch (IOException e) {
      problems.add(raw.placeOf(TFTP_MAP_FILE), "the map file cannot be read: " + e);
    }
    return RemapRules.NONE;
  }
}
