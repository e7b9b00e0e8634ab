package dev.parley.media.transport;

import dev.parley.benchmarks.audio.Voice;
import dev.parley.media.conference.ConferenceAgent;
import dev.parley.media.conference.ConferenceAgentProxy;
import dev.parley.media.conference.ConferenceAgentSettings;
import dev.parley.media.conference.ConferenceCounters;
import dev.parley.media.conference.ConferenceDescription;
import dev.parley.media.conference.ConferenceEvent;
import dev.parley.media.conference.ParticipantDescription;
import dev.parley.media.conference.ParticipantDescription.Listening;
import dev.parley.media.conference.ParticipantDescription.Reception;
import dev.parley.media.dtls.CertificateFingerprint;
import dev.parley.media.dtls.DtlsIdentity;
import dev.parley.media.dtls.DtlsLimits;
import dev.parley.media.dtls.DtlsServer;
import dev.parley.media.ice.IceCredentials;
import dev.parley.media.ice.IceTimes;
import dev.parley.media.jitter.JitterBuffer;
import dev.parley.media.opus.OpusCodec;
import dev.parley.media.opus.OpusEncoder;
import dev.parley.media.opus.OpusEncoderSettings;
import dev.parley.media.packet.MediaRing;
import dev.parley.media.packet.PeerState;
import dev.parley.media.packet.PeerStateChange;
import dev.parley.media.srtp.SrtpKeys;
import dev.parley.media.srtp.SrtpProfile;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.ManyToOneConcurrentArrayQueue;
import org.agrona.concurrent.UnsafeBuffer;
import org.agrona.concurrent.ringbuffer.RingBuffer;

/**
 * A conference between the real stages of one event loop and a real mix agent, with neither threads
 * nor a network: datagrams come from a buffer and go to another, and a hand moves the clock. One
 * thread.
 */
final class MemoryPath {
  static final int LEVEL_ID = 1;
  static final int PAYLOAD_TYPE = 111;
  static final long TICK_NS = 20_000_000L;

  private static final ConferenceDescription ROOM = new ConferenceDescription("room", 1, 3, 5);
  private static final int SPEECH_FRAMES = 64;
  private static final int COMPLEXITY = 5;
  private static final int FIRST_PORT = 10_000;
  private static final int REPORT_SSRC = 0x1111;
  private static final int CONTENT_LENGTH = 2_048;

  private final SecureRandom random = new SecureRandom();
  private final RingBuffer inbound = MediaRing.create();
  private final RingBuffer outbound = MediaRing.create();
  private final ConferenceAgentProxy proxy = new ConferenceAgentProxy(() -> {});
  private final ConferenceAgent agent;
  private final ReceivePath receivePath;
  private final SendPath sendPath;
  private final MediaSocket socket;
  private final CertificateFingerprint fingerprint;
  private final SourceAddress source = new SourceAddress();

  /** A datagram and where it came from, as the kernel hands them over. */
  private final UnsafeBuffer slot = new UnsafeBuffer(ByteBuffer.allocateDirect(CONTENT_LENGTH));

  private final RtpStage rtp;
  private final SrtpGate gate;
  private long nowNs = 5_000_000_000L;

  final LoopParts parts;

  /** Takes the place of a socket: what is copied to memory has been sent. */
  private static final class Discard implements DatagramSender {
    private final UnsafeBuffer memory =
        new UnsafeBuffer(ByteBuffer.allocateDirect(LoopParts.WORKING_LENGTH));

    @Override
    public boolean send(DirectBuffer buffer, int length, RemoteAddress to) {
      memory.putBytes(0, buffer, 0, length);
      return true;
    }

    @Override
    public void flush() {
      // Gone already.
    }
  }

  MemoryPath() {
    DtlsIdentity identity = DtlsIdentity.selfSigned(Instant.EPOCH, random);
    fingerprint = identity.fingerprint();
    DtlsLimits limits = new DtlsLimits(1, 1, Duration.ofSeconds(1), Duration.ofSeconds(1));
    MediaEventLoopSettings settings =
        new MediaEventLoopSettings(
            0,
            List.of(InetAddress.getLoopbackAddress()),
            0,
            MediaEventLoopSettings.NO_TCP,
            () -> nowNs,
            () -> nowNs,
            Instant::now,
            new DtlsServer(identity, limits, random, () -> nowNs),
            IceTimes.DEFAULT,
            LoopAgent.NONE,
            List.of(new AgentRings(inbound, outbound, isFilling -> {})),
            1,
            false,
            Thread::new);
    parts = new LoopParts(settings, new TransportCounters());
    receivePath = new ReceivePath(parts, new DtlsStage(parts, Runnable::run));
    sendPath = new SendPath(parts);
    rtp = new RtpStage(parts);
    gate = new SrtpGate(parts);
    socket = new MediaSocket(new Discard(), parts.counters);
    parts.sockets.add(socket);
    agent = new ConferenceAgent(agentSettings(), proxy);
  }

  private ConferenceAgentSettings agentSettings() {
    return new ConferenceAgentSettings(
        0,
        () -> nowNs,
        List.of(inbound),
        List.of(outbound),
        loop -> {},
        (loop, peer) -> true,
        new ManyToOneConcurrentArrayQueue<ConferenceEvent>(1 << 10),
        OpusCodec.best(),
        COMPLEXITY,
        JitterBuffer.MIN_DELAY_DEFAULT_MS,
        new ConferenceCounters(),
        1);
  }

  /** Lets a participant into the conference, connected at once. */
  void join(int peerId, Listening listening, boolean maySend) {
    connect(peerId);
    int lineCount = listening == Listening.FORWARD ? 3 : 1;
    Reception reception =
        listening == Listening.NOTHING
            ? Reception.NOTHING
            : new Reception(listening, lineCount, 1, 0, false, false);
    ParticipantDescription participant =
        new ParticipantDescription(
            "p" + peerId, peerId, peerId, 0, reception, maySend, false, PAYLOAD_TYPE);
    proxy.addParticipant(ROOM, participant);
    agent.doWork();
    PeerStateChange.tryWrite(inbound, peerId, PeerState.CONNECTED, nowNs);
    agent.doWork();
  }

  /** Gives a peer, new or known, a transport that has seen no packet. */
  void connect(int peerId) {
    Peer old = parts.peers.byId(peerId);
    if (old != null) {
      old.release();
      parts.peers.remove(old);
    }
    OutgoingLine line =
        new OutgoingLine(0xABC0_0000 + peerId, PAYLOAD_TYPE, "1", 4, LEVEL_ID, 5, true);
    PeerDescription description =
        new PeerDescription(
            peerId,
            0,
            IceCredentials.generate("remo", random),
            fingerprint,
            "cname",
            REPORT_SSRC,
            true,
            LEVEL_ID,
            List.of(line, line, line));
    Peer peer = new Peer(description, IceTimes.DEFAULT, inbound, nowNs);
    parts.peers.add(peer);
    peer.onKeys(Keys.derive(keys(peerId), REPORT_SSRC, description.lines()));
    receive(AddressCheck.of(description.ice()), addressOf(peerId));
    parts.flush();
  }

  /** From here on nothing is encrypted for the peer: sending to it ends where the cipher begins. */
  void stopBeforeCipher(int peerId) {
    Peer peer = parts.peers.byId(peerId);
    if (peer == null || peer.keys() == null) {
      throw new IllegalStateException("connect first: " + peerId);
    }
    peer.keys().sender().close();
  }

  /** What a handshake with the peer would agree on. */
  static SrtpKeys keys(int peerId) {
    SrtpProfile profile = SrtpProfile.AEAD_AES_128_GCM;
    byte[] material = new byte[SrtpKeys.keyingMaterialLength(profile)];
    new Random(peerId).nextBytes(material);
    return SrtpKeys.ofKeyingMaterial(profile, material);
  }

  static RemoteAddress addressOf(int peerId) {
    return new RemoteAddress(
        new InetSocketAddress(InetAddress.getLoopbackAddress(), FIRST_PORT + peerId));
  }

  /** Payloads of speech as a browser would send it. */
  static byte[][] speech() {
    byte[][] payloads = new byte[SPEECH_FRAMES][];
    float[] frames = Voice.frames(SPEECH_FRAMES, 1);
    byte[] packet = new byte[OpusEncoder.PACKET_LENGTH_MAX];
    try (OpusEncoder encoder = OpusCodec.best().newEncoder(OpusEncoderSettings.voice(1))) {
      for (int i = 0; i < SPEECH_FRAMES; i++) {
        int from = i * OpusCodec.FRAME_SAMPLES;
        int length = encoder.encode(frames, from, packet, 0, packet.length);
        payloads[i] = Arrays.copyOf(packet, length);
      }
    }
    return payloads;
  }

  // The path.

  /** Moves the clock on by 20 ms. */
  void advance() {
    nowNs += TICK_NS;
  }

  /** Takes one datagram in, as the kernel hands it over. */
  void receive(byte[] datagram, RemoteAddress from) {
    receive(datagram, 0, datagram.length, from);
  }

  void receive(byte[] datagrams, int offset, int length, RemoteAddress from) {
    from.put(slot, 0);
    slot.putBytes(Mmsg.ADDRESS_LENGTH, datagrams, offset, length);
    slot.getBytes(Mmsg.ADDRESS_LENGTH, parts.received, 0, length);
    receivePath.onDatagram(socket, length, source.read(slot, 0), receivePath.readNs());
    receivePath.onReadComplete();
  }

  /** Takes one packet in that needs no decryption; all else is done as for a real one. */
  void receiveClear(Path path, byte[] packet, int length) {
    System.arraycopy(packet, 0, parts.received, 0, length);
    gate.onAuthentic(path, socket, nowNs);
    rtp.onAuthentic(path, length, nowNs);
    receivePath.onReadComplete();
  }

  /** Lets the agent do what there is to do, and sends what it wants sent. */
  void conferAndSend() {
    agent.doWork();
    sendPath.at(nowNs);
    sendPath.drain(outbound);
    while (outbound.size() > 0) {
      sendPath.drain(outbound);
    }
    parts.flush();
  }

  /** Packets counted by the send path, as sent or as what became of them instead. */
  long sent(TransportCounter counter) {
    return parts.counters.get(counter);
  }

  /** Frees the native memory of coders and contexts. */
  void close() {
    agent.onClose();
    for (int i = parts.peers.count() - 1; i >= 0; i--) {
      parts.peers.peer(i).release();
    }
  }
}
