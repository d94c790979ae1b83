package org.krgboot.nfs;

import org.junit.jupiter.api.Tag;

/** The same for longer, and more of them: 20,000 unread READs a connection, 5,000 idle ones. */
@Tag("nightly")
final class HostileClientsNightlyTest extends HostileClientsTest {
  @Override
  int times() {
    return 20;
  }
}
