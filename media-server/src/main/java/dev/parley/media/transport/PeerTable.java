package dev.parley.media.transport;

import dev.parley.media.ice.IceCredentials;
import dev.parley.media.ice.TransportAddress;
import java.util.ArrayList;
import java.util.List;
import org.agrona.collections.Long2ObjectHashMap;
import org.agrona.collections.Object2ObjectHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Finds a peer by its id, by the fragment a check names, and by an address that has passed one.
 * Only authenticated checks add addresses, a few for each peer, so no flood makes it grow. Owned by
 * one event loop.
 */
final class PeerTable {
  private final PeersById byId = new PeersById();
  private final Long2ObjectHashMap<Peer> byFragment = new Long2ObjectHashMap<>();
  private final Object2ObjectHashMap<SourceAddress, Path> byAddress = new Object2ObjectHashMap<>();
  private final SourceAddress wanted = new SourceAddress();
  private final List<Peer> peers = new ArrayList<>();

  void add(Peer peer) {
    byId.add(peer);
    byFragment.put(peer.ice().credentials().packedLocalFragment(), peer);
    peers.add(peer);
  }

  /** Forgets the peer and its addresses, save those another peer has proved since. */
  void remove(Peer peer) {
    byId.remove(peer);
    removeFragment(peer.ice().credentials());
    IceCredentials next = peer.ice().nextCredentials();
    if (next != null) {
      removeFragment(next);
    }
    peers.remove(peer);
    for (int i = 0; i < peer.ice().addressCount(); i++) {
      TransportAddress address = peer.ice().address(i);
      if (address != null) {
        removeAddress(peer, address);
      }
    }
  }

  @Nullable Peer byId(int peerId) {
    return byId.get(peerId);
  }

  /** Has checks under the next ICE session's credentials find the peer, too. */
  void restart(Peer peer, IceCredentials following) {
    IceCredentials unused = peer.ice().nextCredentials();
    if (unused != null) {
      removeFragment(unused);
    }
    peer.ice().restart(following);
    byFragment.put(following.packedLocalFragment(), peer);
  }

  void removeFragment(IceCredentials credentials) {
    byFragment.remove(credentials.packedLocalFragment());
  }

  @Nullable Peer byFragment(long packedFragment) {
    return byFragment.get(packedFragment);
  }

  @Nullable Path byAddress(SourceAddress address) {
    return byAddress.get(address);
  }

  @Nullable Path byAddress(TransportAddress address) {
    return byAddress.get(wanted.set(address));
  }

  /** An address belongs to the peer that proved it last: a reloaded page may get its old port. */
  Path putAddress(Peer peer, TransportAddress address, MediaSocket socket) {
    Path path = byAddress(address);
    if (path == null || path.peer != peer) {
      path = new Path(address, peer, socket);
      byAddress.put(new SourceAddress(address), path);
    }
    return path;
  }

  void removeAddress(Peer peer, TransportAddress address) {
    Path path = byAddress(address);
    if (path != null && path.peer == peer) {
      byAddress.remove(wanted);
    }
  }

  int count() {
    return peers.size();
  }

  int addressCount() {
    return byAddress.size();
  }

  Peer peer(int index) {
    return peers.get(index);
  }
}
