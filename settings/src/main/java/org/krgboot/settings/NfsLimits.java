package org.krgboot.settings;

import static org.krgboot.settings.SettingKey.*;

import java.time.Duration;
import org.krgboot.nfs.Limits;

/** How much NFS clients may make the server hold. */
final class NfsLimits {
  private NfsLimits() {}

  static Limits read(RawSettings raw) {
    Limits defaults = Limits.DEFAULTS;
    Duration idle = raw.get(NFS_IDLE_TIMEOUT, SettingParsers::timeout).orElse(defaults.idle());
    Duration stall = raw.get(NFS_STALL_TIMEOUT, SettingParsers::timeout).orElse(defaults.stall());
    return new Limits(
        raw.get(NFS_MAX_CONNECTIONS, SettingParsers::connections).orElse(defaults.connections()),
        raw.get(NFS_ADDRESS_SHARE, SettingParsers::share).orElse(defaults.addressShare()),
        raw.get(NFS_IO_SIZE, SettingParsers::ioSize).orElse(defaults.ioSize()),
        raw.get(NFS_OPEN_FILES, SettingParsers::openFiles).orElse(defaults.descriptors()),
        defaults.replies(),
        raw.get(NFS_BUFFER_MEMORY, SettingParsers::bufferMemory).orElse(defaults.bufferBytes()),
        raw.get(NFS_WAITING_CALLS, SettingParsers::waitingCalls).orElse(defaults.waitingCalls()),
        idle,
        stall);
  }
}
