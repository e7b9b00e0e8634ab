package dev.parley.media.transport;

import dev.parley.media.ice.TransportAddress;
import dev.parley.media.packet.Limits;
import dev.parley.media.rtp.AudioLevel;
import dev.parley.media.rtp.RtpPacketWriter;
import dev.parley.media.srtp.ProtectResult;
import dev.parley.media.srtp.SrtpKeys;
import dev.parley.media.srtp.SrtpSender;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * One talker's packets on the way into a {@link MemoryPath}: without end if they are clear, else
 * protected beforehand and played over and over. Each time round the talker comes back as a new
 * peer with a new stream, for the replay window would refuse the old one; that costs the measured
 * packets a few nanoseconds and bytes each. One thread.
 */
final class TalkerPackets {
  private static final int FRAME_TICKS = 960;
  private static final int SSRC = 0x5151_0000;
  private static final int ROUNDS = 2;

  private final MemoryPath memory;
  private final int peerId;
  private final RemoteAddress address;
  private final byte[][] speech = MemoryPath.speech();
  private final byte[] clear = new byte[Limits.DATAGRAM_LENGTH_MAX];
  private final UnsafeBuffer clearBuffer = new UnsafeBuffer(clear);
  private final UnsafeBuffer payload = new UnsafeBuffer(0, 0);
  private final RtpPacketWriter writer = new RtpPacketWriter();
  private final Path path;
  private byte[] prepared = new byte[0];
  private int[] offsets = new int[0];
  private int packets;

  /** Speaks for a peer that has joined. */
  TalkerPackets(MemoryPath memory, int peerId) {
    this.memory = memory;
    this.peerId = peerId;
    address = MemoryPath.addressOf(peerId);
    Path proven = memory.parts.peers.byAddress(TransportAddress.udp(address.address()));
    if (proven == null) {
      throw new IllegalStateException("join first: " + peerId);
    }
    path = proven;
  }

  /** Protects so many packets for each round, of which there are two, each with its own SSRC. */
  void protect(int packetsPerRound) {
    SrtpKeys keys = MemoryPath.keys(peerId);
    SrtpSender sender = new SrtpSender(keys.profile(), keys.clientWrite());
    offsets = new int[ROUNDS * packetsPerRound + 1];
    prepared = new byte[ROUNDS * packetsPerRound * Limits.DATAGRAM_LENGTH_MAX / 8];
    for (int i = 0; i < ROUNDS * packetsPerRound; i++) {
      int length = write(SSRC + i / packetsPerRound, i % packetsPerRound);
      if (sender.protectRtp(clear, 0, length) != ProtectResult.OK) {
        throw new IllegalStateException("packet " + i);
      }
      System.arraycopy(clear, 0, prepared, offsets[i], sender.length());
      offsets[i + 1] = offsets[i] + sender.length();
    }
    sender.close();
  }

  private int write(int ssrc, int number) {
    byte[] frame = speech[number % speech.length];
    payload.wrap(frame);
    writer.begin(clearBuffer, 0, MemoryPath.PAYLOAD_TYPE, false);
    writer.source(ssrc, number, number * FRAME_TICKS).beginExtensions(false);
    writer.extension(MemoryPath.LEVEL_ID, AudioLevel.element(-30, true)).endExtensions();
    return writer.payload(payload, 0, frame.length);
  }

  /** The next packet comes in without the cipher. */
  void receiveClear() {
    int length = write(SSRC, packets);
    packets++;
    memory.receiveClear(path, clear, length);
  }

  /** The next packet comes in protected. */
  void receiveProtected() {
    int packetsPerRound = offsets.length / ROUNDS;
    int index = packets % (ROUNDS * packetsPerRound);
    if (packets > 0 && index % packetsPerRound == 0) {
      memory.connect(peerId);
    }
    packets++;
    memory.receive(prepared, offsets[index], offsets[index + 1] - offsets[index], address);
  }
}
