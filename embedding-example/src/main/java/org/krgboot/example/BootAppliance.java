package org.krgboot.example;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.time.Duration;
import java.util.Scanner;
import org.krgboot.daemon.KrgbootDaemon;
import org.krgboot.settings.SettingKey;

/** Boots the nodes on one interface until the user says enough, and tells what they do. */
public final class BootAppliance {
  private BootAppliance() {}

  public static void main(String[] arguments) throws Exception {
    try (KrgbootDaemon daemon =
            KrgbootDaemon.builder()
                .set(SettingKey.INTERFACE, arguments[0])
                .set(SettingKey.STATE_DIR, arguments[1])
                .set(SettingKey.NFS_ROOT, arguments[2])
                .set(SettingKey.STATUS_PORT, 0)
                .onEvent(System.out::println)
                .start();
        Scanner words = new Scanner(System.in, UTF_8)) {
      System.out.println("ready; say: nodes, health or quit");
      while (words.hasNext()) {
        switch (words.next()) {
          case "nodes" -> daemon.nodes().forEach(System.out::println);
          case "health" -> System.out.println(daemon.silentServers(Duration.ofSeconds(2)));
          default -> {
            return;
          }
        }
      }
    }
  }
}
