package dev.parley.systemtests.show.faults;

import dev.parley.benchmarks.client.PacketWatch;
import dev.parley.media.rtp.RtpPacket;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.agrona.MutableDirectBuffer;

/** Which client hears for which guest: a guest has another one by and by. Thread-safe. */
final class Ears implements PacketWatch {
  private final Map<Integer, Ear> byClient = new ConcurrentHashMap<>();

  /** Lets a client stand for a guest. */
  void hearBy(int client, Ear ear) {
    byClient.put(client, ear);
  }

  /** The client is no more. */
  void forget(int client) {
    byClient.remove(client);
  }

  @Override
  public boolean listensAt(int client) {
    return byClient.containsKey(client);
  }

  @Override
  public void onArrival(int client, RtpPacket packet, MutableDirectBuffer buffer, long arrivedNs) {
    Ear ear = byClient.get(client);
    if (ear != null) {
      ear.onPacket(packet, buffer);
    }
  }
}
