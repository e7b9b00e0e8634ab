package dev.parley.media.transport;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.media.packet.Limits;
import dev.parley.media.packet.OutgoingPacketWriter;
import dev.parley.media.packet.UplinkReport;
import dev.parley.media.srtp.SrtpProfile;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ReportSenderTest {
  private static final long STEP_NS = 50_000_000L;
  private static final long SECOND_NS = 1_000_000_000L;
  private static final int SSRC = 0x2222;

  private final PathFixture fixture =
      new PathFixture(SrtpProfile.AEAD_AES_128_GCM).withKeys().withPath();
  private final OutgoingPacketWriter outgoing = new OutgoingPacketWriter();
  private final ReportSender reports = new ReportSender(fixture.parts);

  @AfterEach
  void close() {
    fixture.close();
  }

  @Test
  void firstReportComesAtOnceAndOthersAboutEachFiveSeconds() {
    List<Long> sentNs = reportsWithin(60 * SECOND_NS);

    assertThat(sentNs.getFirst()).isZero();
    assertThat(sentNs).hasSizeBetween(10, 15);
    assertThat(intervals(sentNs))
        .allSatisfy(ns -> assertThat(ns).isBetween(SECOND_NS * 9 / 2, SECOND_NS * 6 + STEP_NS));
    assertThat(intervals(sentNs).stream().distinct()).hasSizeGreaterThan(5);
  }

  @Test
  void lossIsReportedWithinASecondAndAHalf() {
    reportsWithin(10 * SECOND_NS);
    receive(1);
    receive(2);
    reportsWithin(3 * Limits.RTCP_QUIET_INTERVAL_NS);
    receive(4);

    assertThat(reportsWithin(SECOND_NS * 3 / 2 + STEP_NS)).hasSize(1);
    assertThat(reportsWithin(SECOND_NS * 3 / 2 + STEP_NS)).as("no more was lost").hasSize(1);
    assertThat(reportsWithin(SECOND_NS * 4)).as("nothing new").isEmpty();
  }

  @Test
  void firstThatTellsOfOurStreamsDoesNotWaitForTheNextRound() {
    reportsWithin(10 * SECOND_NS);
    outgoing.tryClaim(fixture.outbound, 80, 0, 1);
    outgoing.payload(new byte[80], 0).addTarget(PathFixture.PEER, 0, 1, 960, false);
    outgoing.commit();
    fixture.sendPath.at(fixture.nowNs);
    fixture.sendPath.drain(fixture.outbound);

    assertThat(reportsWithin(SECOND_NS * 3 / 2 + STEP_NS)).hasSize(1);
    assertThat(reportsWithin(SECOND_NS * 4)).isEmpty();
  }

  @Test
  void agentIsToldWhatThePeerIsTold() {
    reportsWithin(10 * SECOND_NS);
    assertThat(uplinkReports()).as("before anything came").isEmpty();
    receive(1);
    receive(2);
    reportsWithin(3 * Limits.RTCP_QUIET_INTERVAL_NS);
    assertThat(uplinkReports()).containsExactly(0);
    receive(3);
    receive(5);
    reportsWithin(2 * SECOND_NS);

    assertThat(uplinkReports()).as("one of three, in 256ths").containsExactly(85);
  }

  private List<Integer> uplinkReports() {
    List<Integer> fractionsLost = new ArrayList<>();
    UplinkReport report = new UplinkReport();
    fixture.inbound.read((type, buffer, index, length) -> {
      if (type == UplinkReport.TYPE) {
        assertThat(report.wrap(buffer, index).peerId()).isEqualTo(PathFixture.PEER);
        fractionsLost.add(report.fractionLost());
      }
    });
    return fractionsLost;
  }

  private void receive(int sequenceNumber) {
    fixture.receive(fixture.voice(SSRC, sequenceNumber), PathFixture.CLIENT);
  }

  /** When the peer got one, counted from the start of this. */
  private List<Long> reportsWithin(long durationNs) {
    List<Long> sentNs = new ArrayList<>();
    for (long sinceNs = 0; sinceNs < durationNs; sinceNs += STEP_NS) {
      long before = fixture.count(TransportCounter.RTCP_SENT);
      reports.poll(fixture.peer, fixture.nowNs);
      if (fixture.count(TransportCounter.RTCP_SENT) > before) {
        sentNs.add(sinceNs);
      }
      fixture.nowNs += STEP_NS;
    }
    fixture.discardSent();
    return sentNs;
  }

  private static List<Long> intervals(List<Long> times) {
    List<Long> intervals = new ArrayList<>();
    for (int i = 1; i < times.size(); i++) {
      intervals.add(times.get(i) - times.get(i - 1));
    }
    return intervals;
  }
}
