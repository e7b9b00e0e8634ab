package dev.parley.media.transport;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.media.ice.IceCredentials;
import dev.parley.media.ice.IceTimes;
import dev.parley.media.packet.MediaRing;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.agrona.concurrent.ringbuffer.RingBuffer;

class PeersByIdTest {
  private static final IceCredentials ICE =
      IceCredentials.of("localufr", "a-password-of-24-letters", "remo");
  private static final RingBuffer INBOUND = MediaRing.create();

  /**
   * Groups that joined as many ids apart as the table is long, and were it twice or eight times.
   */
  @Property(tries = 300)
  void groupsThatJoinedLongAfterEachOtherDoNotLieOverEachOther(
      @ForAll @IntRange(min = 1, max = 1 << 20) int first,
      @ForAll @IntRange(min = 1, max = 50) int tablesApart) {
    int capacity = 4096;
    int[] taken = new int[capacity];
    for (int group = 0; group < 2; group++) {
      for (int i = 0; i < 1000; i++) {
        taken[PeersById.home(first + group * tablesApart * capacity + i) & capacity - 1]++;
      }
    }

    int overflow = 0;
    for (int i = 0; i < 2 * capacity; i++) {
      overflow = Math.max(0, overflow + taken[i % capacity] - 1);
      assertThat(overflow).as("peers on their way past a place").isLessThan(50);
    }
  }

  /** Ids that differ by a power of two meet in the table. */
  @Property(tries = 300)
  void isAMap(
      @ForAll @Size(max = 300) List<@IntRange(min = 1, max = 400) Integer> ids,
      @ForAll @IntRange(max = 6) int shift) {
    PeersById peers = new PeersById();
    Map<Integer, Peer> model = new HashMap<>();
    for (int small : ids) {
      int id = small << shift;
      Peer known = model.remove(id);
      if (known == null) {
        Peer peer = new Peer(TestLoop.peer(id, ICE), IceTimes.DEFAULT, INBOUND, 0);
        model.put(id, peer);
        peers.add(peer);
      } else {
        peers.remove(known);
      }
    }

    for (int small = 1; small <= 400; small++) {
      assertThat(peers.get(small << shift)).isSameAs(model.get(small << shift));
    }
  }
}
