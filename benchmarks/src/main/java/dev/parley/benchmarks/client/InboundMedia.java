package dev.parley.benchmarks.client;

import dev.parley.media.rtcp.RtcpCompound;
import dev.parley.media.rtcp.RtcpParseResult;
import dev.parley.media.rtcp.RtcpType;
import dev.parley.media.rtcp.RtcpWriter;
import dev.parley.media.rtp.RtpPacket;
import dev.parley.media.rtp.RtpParseResult;
import dev.parley.media.srtp.SrtpKeys;
import dev.parley.media.srtp.SrtpReceiver;
import dev.parley.media.srtp.UnprotectResult;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.agrona.concurrent.UnsafeBuffer;
import org.jspecify.annotations.Nullable;

/** What a client receives: decrypts it and tallies it by line. Owner: the client loop. */
final class InboundMedia implements InboundImpairment.Receiver {
  private static final int SEQUENCE_NUMBER_OFFSET = 2;
  private static final int SSRC_OFFSET = 8;

  private final ClientSettings settings;
  private final Listener listener;
  private final boolean asks;
  private final SrtpReceiver receiver;

  /** Reads what was lost on purpose, which {@link #receiver} has never seen and may see yet. */
  private final SrtpReceiver lost;

  private final @Nullable InboundImpairment impairment;
  private final List<ReceivedLine> lines = new ArrayList<>();
  private final RtpPacket packet = new RtpPacket();
  private final RtcpCompound compound = new RtcpCompound();
  private final Map<String, Long> refusals = new TreeMap<>();
  private long firstAudioNs;

  /** The kernel's stamp of the datagram being read, 0 if there is none. */
  private long arrivedNs;

  private long repeated;

  /** Hears of what came. */
  interface Listener {
    /** An authentic packet of one of the lines. */
    void onVoice(long nowNs);

    /** What the server says of its reception of a stream. */
    void onReportBlock(int ssrc, int cumulativeLost, int extendedHighest);
  }

  /**
   * Nothing received yet.
   *
   * @param asks whether lost packets are asked for
   */
  InboundMedia(
      ClientSettings settings,
      RemoteDescription remote,
      SrtpKeys keys,
      boolean asks,
      Listener listener) {
    this.settings = settings;
    this.listener = listener;
    this.asks = asks;
    this.receiver = new SrtpReceiver(keys.profile(), keys.serverWrite());
    this.lost = new SrtpReceiver(keys.profile(), keys.serverWrite());
    ImpairedNetwork network = settings.network();
    this.impairment =
        network == null ? null : new InboundImpairment(network, settings.number(), this);
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

  List<ReceivedLine> lines() {
    return lines;
  }

  /**
   * A datagram from the socket.
   *
   * @param kernelNs the kernel's stamp, 0 if it was not asked for
   */
  void onDatagram(UnsafeBuffer datagram, int length, boolean isControl, long nowNs, long kernelNs) {
    // One that is held back arrives when it is let go.
    arrivedNs = impairment == null ? kernelNs : 0;
    if (impairment == null) {
      onArrived(datagram, length, isControl, nowNs);
    } else {
      impairment.onDatagram(datagram, length, isControl, nowNs);
    }
  }

  @Override
  public void onArrived(UnsafeBuffer datagram, int length, boolean isControl, long nowNs) {
    if (isControl) {
      onRtcp(datagram, length, nowNs);
    } else if (onRtp(datagram, length, nowNs)) {
      firstAudioNs = firstAudioNs == 0 ? nowNs : firstAudioNs;
      listener.onVoice(nowNs);
    }
  }

  @Override
  public void onInjectedLoss(UnsafeBuffer datagram, int length) {
    ReceivedLine line = find(datagram.getInt(SSRC_OFFSET, ByteOrder.BIG_ENDIAN));
    int sequenceNumber = datagram.getShort(SEQUENCE_NUMBER_OFFSET, ByteOrder.BIG_ENDIAN) & 0xFFFF;
    UnprotectResult read = lost.unprotectRtp(datagram.byteArray(), 0, length);
    if (line == null || read == UnprotectResult.REPLAYED) {
      return; // Asked for again, and lost again.
    }
    if (read == UnprotectResult.OK
        && packet.wrap(datagram, 0, lost.length()) == RtpParseResult.VALID) {
      line.onInjectedLoss(packet, datagram);
    } else {
      line.losses().onInjectedLoss(sequenceNumber, LineLosses.NO_STAMP);
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
        tellBlocks();
      }
    }
  }

  private void tellBlocks() {
    for (int i = 0; i < compound.count(); i++) {
      listener.onReportBlock(
          compound.reportSsrc(i),
          compound.cumulativeLost(i),
          compound.extendedHighestSequenceNumber(i));
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

  /** Writes a block for each line on which something came. */
  void writeBlocks(RtcpWriter report, long nowNs) {
    for (ReceivedLine line : lines) {
      if (line.hasStarted()) {
        report.reportBlock(line.statistics(), nowNs);
      }
    }
  }

  double toneDbov(double hertz) {
    double loudest = MediaSession.NO_TONE_DBOV;
    for (ReceivedLine line : lines) {
      HeardSound sound = line.sound();
      if (sound != null) {
        loudest = Math.max(loudest, sound.toneDbov(hertz));
      }
    }
    return loudest;
  }

  /** What a bad network does to them. */
  Impairment impairment() {
    return impairment == null ? Impairment.NONE : impairment;
  }

  /** Packets that were lost on their way to the server, and so could not come. */
  long neverSent() {
    return lines.stream().mapToLong(line -> line.losses().neverSent()).sum();
  }

  void addTo(FigureSum sum) {
    sum.addRefusals(refusals);
    sum.addRepeated(repeated);
    for (ReceivedLine line : lines) {
      sum.add(line);
      if (asks) {
        sum.addRepair(line.requests().figures());
      }
    }
  }

  void close() {
    receiver.close();
    for (ReceivedLine line : lines) {
      HeardSound sound = line.sound();
      if (sound != null) {
        sound.close();
      }
    }
  }
}
