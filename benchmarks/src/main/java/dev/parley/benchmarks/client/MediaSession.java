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
final class MediaSession {
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
    this.cname = source.cname().getBytes(StandardCharsets.US_ASCII);
    this.mid = remote.lines().getFirst().mid().getBytes(StandardCharsets.US_ASCII);
    // Phases spread by the number, lest all clients of a process send at one moment.
    this.startNs = nowNs + PACKET_NS * (settings.number() * 7L % 20) / 20;
    this.nextReportNs = nowNs + REPORT_NS / 2;
    this.firstSequenceNumber = source.ssrc() & 0x7FFF;
    for (RemoteDescription.Line line : remote.lines()) {
      if (line.ssrc() != 0) {
        lines.add(new ReceivedLine(line.ssrc(), settings.listens() ? new HeardSound() : null));
      }
    }
  }

  /** Sends what is due; returns when the next is. */
  long onTime(long nowNs) {
    if (nowNs - nextReportNs >= 0) {
      sendReport(nowNs);
      nextReportNs += REPORT_NS;
    }
    if (!settings.sends()) {
      return nextReportNs;
    }
    int burst = 0;
    while (nowNs - nextPacketNs() >= 0 && burst < CATCH_UP_MAX) {
      sendPacket(nextPacketNs());
      burst++;
    }
    return Math.min(nextPacketNs(), nextReportNs);
  }

  private long nextPacketNs() {
    return startNs + frameIndex() * PACKET_NS;
  }

  /** Frames of the voice, not all of which are sent. */
  private long frameIndex() {
    return sent * settings.packetIntervalMs() / ClientSettings.PACKET_MS;
  }

  private void sendPacket(long intendedNs) {
    long index = frameIndex();
    int level = settings.voice().levelDbov(index);
    boolean voice = settings.voice().isVoice(index);
    writer.begin(outgoing, 0, remote.payloadType(), sent == 0);
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
    UnsafeBuffer frame = settings.voice().frame(index);
    int length = writer.payload(frame, 0, frame.capacity());
    int count = (int) sent;
    PacketStamp.write(outgoing, length, settings.number(), count, intendedNs);
    sent++;
    octets += frame.capacity();
    if (sender.protectRtp(outgoing.byteArray(), 0, length) != ProtectResult.OK) {
      throw new IllegalStateException("cannot protect our own packet");
    }
    settings.watch().onSend(settings.number(), count);
    output.send(outgoing.byteArray(), 0, sender.length());
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
    int length = reportWriter.cname(source.ssrc(), cname).length();
    if (sender.protectRtcp(outgoing.byteArray(), 0, length) == ProtectResult.OK) {
      output.send(outgoing.byteArray(), 0, sender.length());
    }
  }

  /**
   * Returns true if the packet was authentic and of a stream the server announced.
   *
   * @param arrivedNs the kernel's stamp, 0 if it was not asked for
   */
  boolean onRtp(UnsafeBuffer datagram, int length, long nowNs, long arrivedNs) {
    UnprotectResult unprotected = receiver.unprotectRtp(datagram.byteArray(), 0, length);
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

  void onRtcp(UnsafeBuffer datagram, int length, long nowNs) {
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
        reportedLost = compound.cumulativeLost(i);
      }
    }
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
    sum.addSent(sent, reportedLost);
    sum.addRefusals(refusals);
    for (ReceivedLine line : lines) {
      sum.add(line);
    }
  }

  void close() {
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
