package dev.parley.media;

import dev.parley.media.dtls.CertificateFingerprint;
import dev.parley.media.dtls.DtlsClient;
import dev.parley.media.dtls.DtlsFailure;
import dev.parley.media.dtls.DtlsIdentity;
import dev.parley.media.dtls.DtlsLimits;
import dev.parley.media.dtls.DtlsListener;
import dev.parley.media.dtls.DtlsSession;
import dev.parley.media.packet.PacketKind;
import dev.parley.media.rtcp.RtcpWriter;
import dev.parley.media.rtp.AudioLevel;
import dev.parley.media.rtp.RtpPacket;
import dev.parley.media.rtp.RtpPacketWriter;
import dev.parley.media.rtp.RtpParseResult;
import dev.parley.media.srtp.ProtectResult;
import dev.parley.media.srtp.SrtpKeys;
import dev.parley.media.srtp.SrtpReceiver;
import dev.parley.media.srtp.SrtpSender;
import dev.parley.media.srtp.UnprotectResult;
import dev.parley.media.stun.MessageIntegrity;
import dev.parley.media.stun.StunKey;
import dev.parley.media.stun.StunMessage;
import dev.parley.media.stun.StunMessageWriter;
import dev.parley.media.stun.StunParseResult;
import dev.parley.media.stun.StunType;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketException;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import java.util.function.ToIntFunction;
import org.agrona.concurrent.UnsafeBuffer;
import org.jspecify.annotations.Nullable;

/**
 * A WebRTC client for tests, over one UDP socket on loopback: offers, checks the path, shakes
 * hands, sends a tone and listens. Its threads are its own; the test asks and waits.
 */
final class CallClient implements AutoCloseable {
  private static final long FRAME_NS = TimeUnit.MILLISECONDS.toNanos(20);
  private static final int FRAMES_PER_CHECK = 10;
  private static final int PAYLOAD_TYPE = 111;
  private static final int AUDIO_LEVEL_ID = 1;
  private static final int LOST_ONE_IN = 5;

  private final String ufrag;
  private final int receivingLines;
  private final Tone tone;
  private final SecureRandom random = new SecureRandom();
  private final DtlsClient dtls;
  private final int ssrc = random.nextInt();
  private final Map<Integer, HeardAudio> heard = new HashMap<>();
  private final Set<Integer> csrcs = new TreeSet<>();
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();

  private volatile DatagramSocket socket = open();
  private volatile boolean isClosed;
  private volatile boolean isSilent;
  private volatile @Nullable InetSocketAddress server;
  private volatile @Nullable DtlsSession session;
  private volatile @Nullable SrtpKeys keys;
  private volatile @Nullable DtlsFailure failure;
  private volatile boolean isDtlsClosed;
  private volatile boolean losesPackets;
  private @Nullable SrtpSender reporter;
  private String answer = "";
  private StunKey stunKey = StunKey.ofPassword("");
  private @Nullable SrtpReceiver receiver;

  CallClient(double toneHz, int receivingLines) {
    this.receivingLines = receivingLines;
    this.tone = new Tone(toneHz);
    this.ufrag = HexFormat.of().toHexDigits(random.nextInt());
    this.dtls =
        new DtlsClient(
            DtlsIdentity.selfSigned(Instant.now(), random),
            DtlsLimits.ofProcessors(2),
            random,
            System::nanoTime);
  }

  private static DatagramSocket open() {
    try {
      return new DatagramSocket(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
    } catch (SocketException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The offer: the first line sends and receives, the others receive. */
  String offer() {
    StringBuilder text = new StringBuilder("v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=-\r\nt=0 0\r\n");
    text.append("a=group:BUNDLE");
    for (int i = 0; i < receivingLines; i++) {
      text.append(' ').append(i);
    }
    text.append("\r\na=ice-ufrag:").append(ufrag);
    text.append("\r\na=ice-pwd:testClientPasswordOf24Ch\r\na=setup:actpass\r\na=fingerprint:");
    text.append(dtls.fingerprint()).append("\r\n");
    for (int i = 0; i < receivingLines; i++) {
      text.append("m=audio 9 UDP/TLS/RTP/SAVPF 111\r\nc=IN IP4 0.0.0.0\r\na=mid:").append(i);
      text.append(i == 0 ? "\r\na=sendrecv" : "\r\na=recvonly");
      text.append("\r\na=rtcp-mux\r\na=rtpmap:111 opus/48000/2\r\na=fmtp:111 useinbandfec=1\r\n");
      text.append("a=rtcp-fb:111 nack\r\n");
      text.append("a=extmap:1 urn:ietf:params:rtp-hdrext:ssrc-audio-level\r\n");
      text.append("a=extmap:4 urn:ietf:params:rtp-hdrext:sdes:mid\r\n");
    }
    return text.toString();
  }

  /** Takes the answer and begins: checks, then DTLS, then sound. */
  void begin(String answer) {
    this.answer = answer;
    stunKey = StunKey.ofPassword(value("a=ice-pwd:"));
    for (String line : answer.lines().toList()) {
      if (line.startsWith("a=candidate:")
          && line.contains(" udp ")
          && line.contains(" 127.0.0.1 ")) {
        String[] fields = line.split(" ", -1);
        server = new InetSocketAddress(fields[4], Integer.parseInt(fields[5]));
      }
    }
    Thread.ofVirtual().name("client-receive").start(() -> receive(socket));
    Thread.ofPlatform().daemon().name("client-send").start(this::send);
  }

  private String value(String prefix) {
    return answer
        .lines()
        .filter(line -> line.startsWith(prefix))
        .findFirst()
        .orElseThrow(() -> new AssertionError("no " + prefix + " in\n" + answer))
        .substring(prefix.length());
  }

  // Sending: one thread, a frame each 20 ms and a check each 200 ms.

  private void send() {
    StunMessageWriter checks = new StunMessageWriter(new MessageIntegrity());
    RtpPacketWriter packets = new RtpPacketWriter();
    UnsafeBuffer buffer = new UnsafeBuffer(new byte[1500]);
    byte[] payload = new byte[1276];
    SrtpSender sender = null;
    int sequenceNumber = random.nextInt(65536);
    int timestampTicks = random.nextInt();
    long dueNs = System.nanoTime();
    for (int frame = 0; !isClosed; frame++) {
      if (frame % FRAMES_PER_CHECK == 0) {
        sendCheck(checks, buffer);
      }
      SrtpKeys agreed = keys;
      if (sender == null && agreed != null) {
        sender = new SrtpSender(agreed.profile(), agreed.clientWrite());
      }
      int length = tone.next(payload);
      timestampTicks += 960;
      if (sender != null && !isSilent) {
        packets
            .begin(buffer, 0, PAYLOAD_TYPE, false)
            .source(ssrc, sequenceNumber++, timestampTicks)
            .beginExtensions(false)
            .extension(AUDIO_LEVEL_ID, AudioLevel.element(-15, true))
            .endExtensions();
        int plain = packets.payload(new UnsafeBuffer(payload), 0, length);
        if (sender.protectRtp(buffer.byteArray(), 0, plain) == ProtectResult.OK) {
          transmit(buffer.byteArray(), 0, sender.length());
        }
      }
      dueNs += FRAME_NS;
      LockSupport.parkNanos(dueNs - System.nanoTime());
    }
    if (sender != null) {
      sender.close();
    }
  }

  private void sendCheck(StunMessageWriter checks, UnsafeBuffer buffer) {
    byte[] username =
        (value("a=ice-ufrag:") + ":" + ufrag).getBytes(java.nio.charset.StandardCharsets.US_ASCII);
    int length =
        checks
            .begin(buffer, 0, StunType.BINDING_REQUEST, random.nextInt(), random.nextLong())
            .username(username)
            .priority(1_000_000)
            .iceControlling(1)
            .useCandidate()
            .finish(stunKey);
    transmit(buffer.byteArray(), 0, length);
  }

  private void transmit(byte[] bytes, int offset, int length) {
    InetSocketAddress to = server;
    if (to == null) {
      throw new AssertionError("no candidate on 127.0.0.1 in\n" + answer);
    }
    try {
      socket.send(new DatagramPacket(bytes, offset, length, to));
    } catch (IOException e) {
      if (!isClosed && !socket.isClosed()) {
        throw new UncheckedIOException(e);
      }
    }
  }

  // Receiving: one thread for each socket.

  private void receive(DatagramSocket from) {
    byte[] bytes = new byte[1500];
    DatagramPacket datagram = new DatagramPacket(bytes, bytes.length);
    while (!isClosed && !from.isClosed()) {
      try {
        datagram.setLength(bytes.length);
        from.receive(datagram);
      } catch (IOException e) {
        return;
      }
      lock.lock();
      try {
        onDatagram(bytes, datagram.getLength());
        changed.signalAll();
      } finally {
        lock.unlock();
      }
    }
  }

  private void onDatagram(byte[] bytes, int length) {
    switch (PacketKind.of(bytes[0] & 0xFF, bytes[1] & 0xFF)) {
      case STUN -> onStun(bytes, length);
      case DTLS -> {
        DtlsSession open = session;
        if (open != null) {
          open.offer(bytes, 0, length, System.nanoTime());
        }
      }
      case RTP -> onRtp(bytes, length);
      default -> {
        // Reports do not matter to what is heard.
      }
    }
  }

  private void onStun(byte[] bytes, int length) {
    StunMessage message = new StunMessage();
    boolean isAnswer =
        message.wrap(new UnsafeBuffer(bytes), 0, length) == StunParseResult.VALID
            && message.type() == StunType.BINDING_SUCCESS
            && message.isAuthentic(new MessageIntegrity(), stunKey);
    if (isAnswer && session == null) {
      String[] fingerprint = value("a=fingerprint:").split(" ", -1);
      session =
          dtls.connect(
              CertificateFingerprint.of(
                  fingerprint[0], HexFormat.ofDelimiter(":").parseHex(fingerprint[1])),
              this::transmit,
              new Listener());
    }
  }

  private void onRtp(byte[] bytes, int length) {
    SrtpKeys agreed = keys;
    if (agreed == null) {
      return;
    }
    SrtpReceiver open = receiver;
    if (open == null) {
      open = new SrtpReceiver(agreed.profile(), agreed.serverWrite());
      receiver = open;
    }
    RtpPacket packet = new RtpPacket();
    if (losesPackets
        && packet.wrap(new UnsafeBuffer(bytes), 0, length) == RtpParseResult.VALID
        && loses(packet, agreed)) {
      return;
    }
    if (open.unprotectRtp(bytes, 0, length) != UnprotectResult.OK
        || packet.wrap(new UnsafeBuffer(bytes), 0, open.length()) != RtpParseResult.VALID) {
      return;
    }
    HeardAudio audio = heard.computeIfAbsent(packet.ssrc(), s -> new HeardAudio());
    byte[] payload = new byte[packet.payloadLength()];
    packet.buffer().getBytes(packet.payloadOffset(), payload);
    for (int i = 0; i < packet.csrcCount(); i++) {
      csrcs.add(packet.csrc(i));
    }
    audio.onPacket(packet.sequenceNumber(), payload, payload.length);
  }

  /** Before decryption: what was decrypted once is refused when it comes again. */
  private boolean loses(RtpPacket packet, SrtpKeys agreed) {
    int sequenceNumber = packet.sequenceNumber();
    HeardAudio audio = heard.get(packet.ssrc());
    if (audio == null
        || sequenceNumber != audio.nextSequenceNumber()
        || sequenceNumber % LOST_ONE_IN != 0) {
      return false;
    }
    audio.onLost(sequenceNumber);
    askFor(packet.ssrc(), sequenceNumber, agreed);
    return true;
  }

  private void askFor(int mediaSsrc, int sequenceNumber, SrtpKeys agreed) {
    SrtpSender open = reporter;
    if (open == null) {
      open = new SrtpSender(agreed.profile(), agreed.clientWrite());
      reporter = open;
    }
    UnsafeBuffer buffer = new UnsafeBuffer(new byte[100]);
    RtcpWriter nack = new RtcpWriter().begin(buffer, 0);
    nack.nack(ssrc, mediaSsrc, sequenceNumber, 0);
    if (open.protectRtcp(buffer.byteArray(), 0, nack.length()) == ProtectResult.OK) {
      transmit(buffer.byteArray(), 0, open.length());
    }
  }

  private final class Listener implements DtlsListener {
    @Override
    public void onConnected(SrtpKeys agreed) {
      keys = agreed;
    }

    @Override
    public void onFailed(DtlsFailure reason) {
      failure = reason;
      signal();
    }

    @Override
    public void onClosed() {
      isDtlsClosed = true;
      signal();
    }
  }

  private void signal() {
    lock.lock();
    try {
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  // What the test asks.

  /** From now on sends from another port, as after a NAT's rebinding. */
  void changePort() {
    DatagramSocket former = socket;
    socket = open();
    former.close();
    DatagramSocket current = socket;
    Thread.ofVirtual().name("client-receive").start(() -> receive(current));
  }

  /** From now on loses one packet in five, and asks for each once. */
  void losePackets() {
    losesPackets = true;
  }

  /** Waits until so many packets that were lost have come again. */
  boolean awaitRepaired(int count, Duration timeout) throws InterruptedException {
    return await(() -> sumOfHeard(HeardAudio::repairedCount) >= count, timeout);
  }

  /** Waits until all packets that were lost have come again; none is lost any more. */
  boolean awaitAllRepaired(Duration timeout) throws InterruptedException {
    losesPackets = false;
    return await(() -> sumOfHeard(HeardAudio::missingCount) == 0, timeout);
  }

  private int sumOfHeard(ToIntFunction<HeardAudio> figure) {
    return heard.values().stream().mapToInt(figure).sum();
  }

  /** Says goodbye by DTLS, with the socket still open. */
  void leave() {
    isSilent = true;
    DtlsSession open = session;
    if (open != null) {
      open.close();
    }
  }

  /** Waits until a tone makes up most of what comes on one SSRC, or an even share of a mix. */
  boolean awaitTone(double hz, Duration timeout) throws InterruptedException {
    return await(() -> strongestShareOf(hz) > 0.2, timeout);
  }

  /** Waits until nothing of a tone is left anywhere. */
  boolean awaitNoTone(double hz, Duration timeout) throws InterruptedException {
    return await(() -> strongestShareOf(hz) < 0.01, timeout);
  }

  /** Waits until so many packets have come in all. */
  boolean awaitPackets(int count, Duration timeout) throws InterruptedException {
    return await(() -> heard().packets() >= count, timeout);
  }

  /** Waits until the server ended the DTLS session. */
  boolean awaitDtlsClosed(Duration timeout) throws InterruptedException {
    return await(() -> isDtlsClosed, timeout);
  }

  /** The largest share of a tone in the last tenth of a second of any SSRC. */
  double strongestShareOf(double hz) {
    lock.lock();
    try {
      double strongest = 0;
      for (HeardAudio audio : heard.values()) {
        strongest = Math.max(strongest, audio.shareOf(hz));
      }
      return strongest;
    } finally {
      lock.unlock();
    }
  }

  /** SSRCs heard, sequence gaps on them, packets in all, CSRCs named, for assertions. */
  record Heard(int ssrcs, int gaps, int packets, Set<Integer> csrcs) {}

  Heard heard() {
    lock.lock();
    try {
      int gaps = sumOfHeard(HeardAudio::gapCount);
      int packets = sumOfHeard(HeardAudio::packetCount);
      return new Heard(heard.size(), gaps, packets, Set.copyOf(csrcs));
    } finally {
      lock.unlock();
    }
  }

  private boolean await(BooleanSupplier holds, Duration timeout) throws InterruptedException {
    long remainingNs = timeout.toNanos();
    lock.lock();
    try {
      while (!holds.getAsBoolean()) {
        if (remainingNs <= 0 || failure != null) {
          return false;
        }
        // Bounded, so that a condition on silence is asked again though nothing arrives.
        long sliceNs = Math.min(remainingNs, TimeUnit.MILLISECONDS.toNanos(100));
        remainingNs -= sliceNs - Math.max(changed.awaitNanos(sliceNs), 0);
      }
      return true;
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void close() {
    isClosed = true;
    DtlsSession open = session;
    if (open != null) {
      open.close();
    }
    socket.close();
  }
}
