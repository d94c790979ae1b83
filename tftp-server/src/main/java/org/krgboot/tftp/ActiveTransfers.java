package org.krgboot.tftp;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Collection;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import org.jspecify.annotations.Nullable;

/** The transfers under way, by the client's address and port. For any thread. */
final class ActiveTransfers implements Admission.UnderWay {
  private final ConcurrentMap<InetSocketAddress, TransferHandler> all = new ConcurrentHashMap<>();

  /** Addresses without a transfer are not in it, so there are never more than transfers. */
  private final ConcurrentMap<InetAddress, Integer> ofAddress = new ConcurrentHashMap<>();

  @Nullable TransferHandler get(InetSocketAddress client) {
    return all.get(client);
  }

  Collection<TransferHandler> all() {
    return all.values();
  }

  @Override
  public int size() {
    return all.size();
  }

  @Override
  public int sizeOf(InetAddress address) {
    return ofAddress.getOrDefault(address, 0);
  }

  /** Before it begins: one that has begun may have ended already. */
  void add(TransferHandler transfer) {
    if (all.put(transfer.client(), transfer) == null) {
      ofAddress.merge(transfer.client().getAddress(), 1, Integer::sum);
    }
  }

  /** Without effect if it has been removed before. */
  void remove(TransferHandler transfer) {
    if (all.remove(transfer.client(), transfer)) {
      ofAddress.computeIfPresent(
          transfer.client().getAddress(), (_, count) -> count == 1 ? null : count - 1);
    }
  }
}
