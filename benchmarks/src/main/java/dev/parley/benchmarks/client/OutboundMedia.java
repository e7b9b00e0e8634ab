package dev.parley.benchmarks.client;

import dev.parley.media.dtls.DatagramOutput;
import dev.parley.media.rtcp.NtpTime;
import dev.parley.media.rtcp.RtcpWriter;
import dev.parley.media.rtp.AudioLevel;
import dev.parley.media.rtp.RtpPacketWriter;
import dev.parley.media.srtp.ProtectResult;
import dev.parley.media.srtp.SrtpKeys;
import dev.parley.media.srtp.SrtpSender;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import org.agrona.concurrent.UnsafeBuffer;
import org.jspecify.annotations.Nullable;

/**
 * What a client sends: a packet each 20 ms of a schedule that never slips, whatever happened before
 * (open loop), or none if it only receives; and RTCP. Owner: the client loop.
 */
final class OutboundMedia {
  private static final long PACKET_NS = TimeUnit.MILLISECONDS.toNanos(ClientSettings.PACKET_MS);
  private static final int PACKET_TICKS = 960;
  private static final int BUFFER_LENGTH = 1_500;

  /** Packets sent in one go when the loop was held up; the rest follow in its next round. */
  private static final int CATCH_UP_MAX = 25;

  private final ClientSettings settings;
  private final RemoteDescription remote;
  private final SrtpSender sender;
  private final Source source;
  private final DatagramOutput output;
  private final SendingSchedule schedule;
  private final @Nullable OutboundImpairment impairment;
  private final byte[] cname;
  private final byte[] mid;
  private final UnsafeBuffer outgoing = new UnsafeBuffer(new byte[BUFFER_LENGTH]);
  private final RtpPacketWriter writer = new RtpPacketWriter();
  private final RtcpWriter report = new RtcpWriter();
  private final long startNs;
  private final int firstSequenceNumber;
  private long sent;
  private long octets;
  private int reportedLost;

  /**
   * What we send.
   *
   * @param ssrc of our stream
   * @param cname our name in RTCP
   */
  record Source(int ssrc, String cname) {}

  OutboundMedia(
      ClientSettings settings,
      RemoteDescription remote,
      SrtpKeys keys,
      Source source,
      DatagramOutput output,
      long nowNs) {
    this.settings = settings;
    this.remote = remote;
    this.sender = new SrtpSender(keys.profile(), keys.clientWrite());
    this.source = source;
    this.output = output;
    this.schedule = new SendingSchedule(settings);
    ImpairedNetwork network = settings.network();
    this.impairment =
        network == null ? null : new OutboundImpairment(network, settings.number(), output);
    this.cname = source.cname().getBytes(StandardCharsets.US_ASCII);
    this.mid = remote.lines().getFirst().mid().getBytes(StandardCharsets.US_ASCII);
    // Phases spread by the number, lest all clients of a process send at one moment.
    this.startNs = nowNs + PACKET_NS * (settings.number() * 7L % 20) / 20;
    this.firstSequenceNumber = source.ssrc() & 0x7FFF;
  }

  int ssrc() {
    return source.ssrc();
  }

  /** Sends the packets that are due. */
  void sendDue(long nowNs) {
    int burst = 0;
    while (settings.sends() && nowNs - nextPacketNs() >= 0 && burst < CATCH_UP_MAX) {
      sendPacket(nextPacketNs(), nowNs);
      burst++;
    }
  }

  /** When the next packet is due, or not before the time given. */
  long nextPacketNs(long otherwiseNs) {
    return settings.sends() ? Math.min(nextPacketNs(), otherwiseNs) : otherwiseNs;
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
    if (impairment == null) {
      output.send(outgoing.byteArray(), 0, sender.length());
    } else {
      impairment.sendRtp(outgoing.byteArray(), sender.length(), count, nowNs);
    }
  }

  /** Begins a report, of what is sent if something is; blocks may follow. */
  RtcpWriter beginReport(long nowNs) {
    report.begin(outgoing, 0);
    if (!settings.sends()) {
      return report.receiverReport(source.ssrc());
    }
    long ntp = NtpTime.ofUnixNs(TimeUnit.MILLISECONDS.toNanos(System.currentTimeMillis()));
    int ticks = (int) ((nowNs - startNs) * 48 / 1_000_000);
    return report.senderReport(source.ssrc()).senderInfo(ntp, ticks, (int) sent, (int) octets);
  }

  /**
   * Begins what asks for lost packets; compound as RFC 4585 section 3.1 wants it: the requests come
   * last.
   */
  RtcpWriter beginRequests() {
    return report.begin(outgoing, 0).receiverReport(source.ssrc()).cname(source.ssrc(), cname);
  }

  /** Ends a report, and sends it. */
  void sendReport(long nowNs) {
    report.cname(source.ssrc(), cname);
    sendRtcp(nowNs);
  }

  /** Sends the requests begun. */
  void sendRequests(long nowNs) {
    sendRtcp(nowNs);
  }

  private void sendRtcp(long nowNs) {
    if (sender.protectRtcp(outgoing.byteArray(), 0, report.length()) != ProtectResult.OK) {
      return;
    }
    if (impairment == null) {
      output.send(outgoing.byteArray(), 0, sender.length());
    } else {
      impairment.sendRtcp(outgoing.byteArray(), sender.length(), nowNs);
    }
  }

  /** What the server says it misses of ours. */
  void onReportBlock(int cumulativeLost, int extendedHighest) {
    reportedLost = cumulativeLost - explained(extendedHighest);
  }

  /** Of the packets the server misses, those we lost or hold ourselves. */
  private int explained(int extendedHighest) {
    long index = (extendedHighest & 0xFFFF_FFFFL) - firstSequenceNumber;
    return impairment == null || index < 0 || index >= sent ? 0 : impairment.explainedAt(index);
  }

  long sent() {
    return sent;
  }

  /** What a bad network does to them. */
  Impairment impairment() {
    return impairment == null ? Impairment.NONE : impairment;
  }

  void addTo(FigureSum sum) {
    sum.addSent(sent, impairment == null ? reportedLost : Math.max(0, reportedLost));
  }

  void close() {
    if (impairment != null) {
      impairment.close();
    }
    sender.close();
  }
}
