package dev.parley.benchmarks.client;

import dev.parley.media.dtls.DatagramOutput;
import dev.parley.media.rtcp.NtpTime;
import dev.parley.media.rtcp.RtcpCompound;
import dev.parley.media.rtcp.RtcpParseResult;
import dev.parley.media.rtcp.RtcpType;
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
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.agrona.concurrent.UnsafeBuffer;
import org.jspecify.annotations.Nullable;

/**
 * The media of one connected client: sends a packet each 20 ms of a schedule that never slips,
 * whatever happened before (open loop), or none if it only receives; sends reports, and tallies
 * what arrives. Owner: the client loop.
 */
final class MediaSession implements InboundImpairment.Receiver {
  private static final long PACKET_NS = TimeUnit.MILLISECONDS.toNanos(ClientSettings.PACKET_MS);

  private static final int PACKET_TICKS = 960;
  private static final long REPORT_NS = TimeUnit.SECONDS.toNanos(1);
  private static final int BUFFER_LENGTH = 1_500;

  /** Packets sent in one go when the loop was held up; the rest follow in its next round. */
  private static final int CATCH_UP_MAX = 25;

  private static final double NO_TONE_DBOV = -140;

  private final ClientSettings settings;
  private final RemoteDescription remote;
  private final SrtpSender sender;
  private final SrtpReceiver receiver;
  private final Source source;
  private final DatagramOutput output;
  private final SendingSchedule schedule;
  private final @Nullable OutboundImpairment outbound;
  private final @Nullable InboundImpairment inbound;
  private final boolean asks;
  private final byte[] cname;
  private final byte[] mid;
  private final List<ReceivedLine> lines = new ArrayList<>();
  private final UnsafeBuffer outgoing = new UnsafeBuffer(new byte[BUFFER_LENGTH]);
  private final RtpPacketWriter writer = new RtpPacketWriter();
  private final RtpPacket packet = new RtpPacket();
  private final RtcpWriter reportWriter = new RtcpWriter();
  private final RtcpCompound compound = new RtcpCompound();
  private final long startNs;
  private final int firstSequenceNumber;
  private long sent;
  private long octets;
  private long nextReportNs;
  private final Map<String, Long> refusals = new TreeMap<>();
  private int reportedLost;
  private long firstAudioNs;

  /** The kernel's stamp of the datagram being read, 0 if there is none. */
  private long arrivedNs;

  private long repeated;

  /**
   * What we send.
   *
   * @param ssrc of our stream
   * @param cname our name in RTCP
   */
  record Source(int ssrc, String cname) {}

  MediaSession(
      ClientSettings settings,
      RemoteDescription remote,
      SrtpKeys keys,
      Source source,
      DatagramOutput output,
      long nowNs) {
    this.settings = settings;
    this.remote = remote;
    this.sender = new SrtpSender(keys.profile(), keys.clientWrite());
    this.receiver = new SrtpReceiver(keys.profile(), keys.serverWrite());
    this.source = source;
    this.output = output;
    this.schedule = new SendingSchedule(settings);
    ImpairedNetwork network = settings.network();
    this.outbound =
        network == null ? null : new OutboundImpairment(network, settings.number(), output);
    this.inbound = network == null ? null : new InboundImpairment(network, settings.number(), this);
    this.asks = settings.nack() && remote.nack();
    this.cname = source.cname().getBytes(StandardCharsets.US_ASCII);
    this.mid = remote.lines().getFirst().mid().getBytes(StandardCharsets.US_ASCII);
    // Phases spread by the number, lest all clients of a process send at one moment.
    this.startNs = nowNs + PACKET_NS * (settings.number() * 7L % 20) / 20;
    this.nextReportNs = nowNs + REPORT_NS / 2;
    this.firstSequenceNumber = source.ssrc() & 0x7FFF;
    for (RemoteDescription.Line line : remote.lines()) {
      if (line.ssrc() != 0) {
        lines.add(
            new ReceivedLine(
                line.ssrc(),
                settings.listens() ? new HeardSound() : null,
                network == null ? null : network.losses()));
      }
    }
  }

  /** Sends what is due; returns when the next is. */
  long onTime(long nowNs) {
    if (nowNs - nextReportNs >= 0) {
      sendReport(nowNs);
      nextReportNs += REPORT_NS;
    }
    int burst = 0;
    while (settings.sends() && nowNs - nextPacketNs() >= 0 && burst < CATCH_UP_MAX) {
      sendPacket(nextPacketNs(), nowNs);
      burst++;
    }
    askForLost(nowNs);
    if (outbound != null) {
      outbound.onTime(nowNs);
    }
    if (inbound != null) {
      inbound.onTime(nowNs);
    }
    long dueNs = Math.min(nextReportNs, dueNs(nowNs));
    return settings.sends() ? Math.min(nextPacketNs(), dueNs) : dueNs;
  }

  /** When something is due that a received packet may have brought about. */
  long dueNs(long nowNs) {
    long dueNs = nowNs + REPORT_NS;
    if (asks) {
      for (int i = 0; i < lines.size(); i++) {
        dueNs = Math.min(dueNs, lines.get(i).requests().dueNs(nowNs));
      }
    }
    if (outbound != null && inbound != null) {
      dueNs = Math.min(dueNs, Math.min(outbound.dueNs(nowNs), inbound.dueNs(nowNs)));
    }
    return dueNs;
  }

  private long nextPacketNs() {
    return startNs + schedule.frame() * PACKET_NS;
  }

  private void sendPacket(long intendedNs, long nowNs) {
    long index = schedule.frame();
    VoiceSource sound = schedule.sound();
    int level = sound.levelDbov(index);
    boolean voice = sound.isVoice(index);
    writer.begin(outgoing, 0, remote.payloadType(), schedule.isMarked());
    writer.source(source.ssrc(), firstSequenceNumber + (int) sent, (int) (index * PACKET_TICKS));
    if (remote.levelExtensionId() != 0 || remote.midExtensionId() != 0) {
      writer.beginExtensions(false);
      if (remote.levelExtensionId() != 0) {
        writer.extension(remote.levelExtensionId(), AudioLevel.element(level, voice));
      }
      if (remote.midExtensionId() != 0) {
        writer.extension(remote.midExtensionId(), mid);
      }
      writer.endExtensions();
    }
    UnsafeBuffer frame = sound.frame(index);
    int length = writer.payload(frame, 0, frame.capacity());
    PacketStamp.write(outgoing, length, settings.number(), (int) sent, intendedNs);
    long count = sent++;
    schedule.advance();
    octets += frame.capacity();
    if (sender.protectRtp(outgoing.byteArray(), 0, length) != ProtectResult.OK) {
      throw new IllegalStateException("cannot protect our own packet");
    }
    settings.watch().onSend(settings.number(), (int) count);
    if (outbound == null) {
      output.send(outgoing.byteArray(), 0, sender.length());
    } else {
      outbound.sendRtp(outgoing.byteArray(), sender.length(), count, nowNs);
    }
  }

  private void sendReport(long nowNs) {
    reportWriter.begin(outgoing, 0);
    if (settings.sends()) {
      long ntp = NtpTime.ofUnixNs(TimeUnit.MILLISECONDS.toNanos(System.currentTimeMillis()));
      int ticks = (int) ((nowNs - startNs) * 48 / 1_000_000);
      reportWriter.senderReport(source.ssrc()).senderInfo(ntp, ticks, (int) sent, (int) octets);
    } else {
      reportWriter.receiverReport(source.ssrc());
    }
    for (ReceivedLine line : lines) {
      if (line.hasStarted()) {
        reportWriter.reportBlock(line.statistics(), nowNs);
      }
    }
    reportWriter.cname(source.ssrc(), cname);
    sendRtcp(nowNs);
  }

  /**
   * Asks for what is missing; compound as RFC 4585 section 3.1 wants it: the requests come last.
   */
  private void askForLost(long nowNs) {
    if (!asks) {
      return;
    }
    for (int i = 0; i < lines.size(); i++) {
      ReceivedLine line = lines.get(i);
      if (line.requests().isDue(nowNs)) {
        reportWriter.begin(outgoing, 0).receiverReport(source.ssrc()).cname(source.ssrc(), cname);
        if (line.requests().write(reportWriter, source.ssrc(), line.ssrc(), nowNs)) {
          sendRtcp(nowNs);
        }
      }
    }
  }

  private void sendRtcp(long nowNs) {
    if (sender.protectRtcp(outgoing.byteArray(), 0, reportWriter.length()) != ProtectResult.OK) {
      return;
    }
    if (outbound == null) {
      output.send(outgoing.byteArray(), 0, sender.length());
    } else {
      outbound.sendRtcp(outgoing.byteArray(), sender.length(), nowNs);
    }
  }

  /**
   * A datagram from the socket.
   *
   * @param kernelNs the kernel's stamp, 0 if it was not asked for
   */
  void onDatagram(UnsafeBuffer datagram, int length, boolean isControl, long nowNs, long kernelNs) {
    // One that is held back arrives when it is let go.
    arrivedNs = inbound == null ? kernelNs : 0;
    if (inbound == null) {
      onArrived(datagram, length, isControl, nowNs);
    } else {
      inbound.onDatagram(datagram, length, isControl, nowNs);
    }
  }

  @Override
  public void onArrived(UnsafeBuffer datagram, int length, boolean isControl, long nowNs) {
    if (isControl) {
      onRtcp(datagram, length, nowNs);
    } else if (onRtp(datagram, length, nowNs)) {
      firstAudioNs = firstAudioNs == 0 ? nowNs : firstAudioNs;
      askForLost(nowNs);
    }
  }

  @Override
  public void onInjectedLoss(int ssrc, int sequenceNumber) {
    ReceivedLine line = find(ssrc);
    if (line != null) {
      line.losses().onInjectedLoss(sequenceNumber);
    }
  }

  /** When the first packet of a stream arrived, 0 if none has. */
  long firstAudioNs() {
    return firstAudioNs;
  }

  /** Returns true if the packet was authentic and of a stream the server announced. */
  private boolean onRtp(UnsafeBuffer datagram, int length, long nowNs) {
    UnprotectResult unprotected = receiver.unprotectRtp(datagram.byteArray(), 0, length);
    if (unprotected == UnprotectResult.REPLAYED && asks) {
      // Asked for while it was only late: it came twice.
      repeated++;
      return false;
    }
    if (unprotected != UnprotectResult.OK) {
      return refuse("RTP " + unprotected);
    }
    RtpParseResult parsed = packet.wrap(datagram, 0, receiver.length());
    if (parsed != RtpParseResult.VALID) {
      return refuse("RTP " + parsed);
    }
    ReceivedLine line = find(packet.ssrc());
    if (line == null) {
      return refuse("RTP of a stream not announced");
    }
    line.onPacket(packet, datagram, nowNs);
    if (arrivedNs != 0) {
      settings.watch().onArrival(settings.number(), packet, datagram, arrivedNs);
    }
    return true;
  }

  private boolean refuse(String why) {
    refusals.merge(why, 1L, Long::sum);
    return false;
  }

  private void onRtcp(UnsafeBuffer datagram, int length, long nowNs) {
    UnprotectResult unprotected = receiver.unprotectRtcp(datagram.byteArray(), 0, length);
    if (unprotected != UnprotectResult.OK) {
      refuse("RTCP " + unprotected);
      return;
    }
    RtcpParseResult parsed = compound.wrap(datagram, 0, receiver.length());
    if (parsed != RtcpParseResult.VALID) {
      refuse("RTCP " + parsed);
      return;
    }
    while (compound.next()) {
      boolean senderReport = compound.type() == RtcpType.SENDER_REPORT;
      if (senderReport) {
        ReceivedLine line = find(compound.senderSsrc());
        if (line != null) {
          line.onSenderReport(compound.ntpTimestamp(), nowNs);
        }
      }
      if (senderReport || compound.type() == RtcpType.RECEIVER_REPORT) {
        readBlocks();
      }
    }
  }

  private void readBlocks() {
    for (int i = 0; i < compound.count(); i++) {
      if (compound.reportSsrc(i) == source.ssrc()) {
        reportedLost =
            compound.cumulativeLost(i) - explained(compound.extendedHighestSequenceNumber(i));
      }
    }
  }

  /** Of the packets the server misses, those we lost or hold ourselves. */
  private int explained(int extendedHighest) {
    long index = (extendedHighest & 0xFFFF_FFFFL) - firstSequenceNumber;
    return outbound == null || index < 0 || index >= sent ? 0 : outbound.explainedAt(index);
  }

  private @Nullable ReceivedLine find(int ssrc) {
    for (int i = 0; i < lines.size(); i++) {
      if (lines.get(i).ssrc() == ssrc) {
        return lines.get(i);
      }
    }
    return null;
  }

  double toneDbov(double hertz) {
    double loudest = NO_TONE_DBOV;
    for (ReceivedLine line : lines) {
      HeardSound sound = line.sound();
      if (sound != null) {
        loudest = Math.max(loudest, sound.toneDbov(hertz));
      }
    }
    return loudest;
  }

  void addTo(FigureSum sum) {
    sum.addSent(sent, outbound == null ? reportedLost : Math.max(0, reportedLost));
    sum.addRefusals(refusals);
    sum.addRepeated(repeated);
    for (ReceivedLine line : lines) {
      sum.add(line);
      if (asks) {
        sum.addRepair(line.requests().figures());
      }
    }
    if (outbound != null && inbound != null) {
      sum.addInjected(
          new InjectedFigures(
              outbound.lostMedia(),
              inbound.lostMedia(),
              neverSent(),
              outbound.lostControl() + inbound.lostControl(),
              outbound.delayed() + inbound.delayed()));
    }
  }

  private long neverSent() {
    return lines.stream().mapToLong(line -> line.losses().neverSent()).sum();
  }

  /** The few figures that may be taken often. */
  PacketCounts counts() {
    long received = 0;
    long lost = 0;
    for (ReceivedLine line : lines) {
      received += line.tally().received();
      lost += line.losses().byServer();
    }
    long injected =
        outbound == null || inbound == null ? 0 : outbound.lostMedia() + inbound.lostMedia();
    return new PacketCounts(sent, received, lost, injected);
  }

  void close() {
    if (outbound != null) {
      outbound.close();
    }
    sender.close();
    receiver.close();
    for (ReceivedLine line : lines) {
      HeardSound sound = line.sound();
      if (sound != null) {
        sound.close();
      }
    }
  }
}
