package dev.parley.media.conference;

import static dev.parley.media.conference.ConferenceCounter.PACKETS_NOT_PERMITTED;
import static dev.parley.media.conference.ConferenceCounter.PACKETS_RECOVERED;
import static dev.parley.media.conference.ConferenceCounter.RED_ADDED_TARGETS;
import static dev.parley.media.conference.ConferenceCounter.RED_MALFORMED;
import static dev.parley.media.conference.ConferenceCounter.RED_PASSED_TARGETS;
import static dev.parley.media.conference.ConferenceCounter.RED_RECEIVED;
import static dev.parley.media.conference.ConferenceRig.FORWARD;
import static dev.parley.media.conference.ConferenceRig.FORWARD_RED;
import static dev.parley.media.conference.ConferenceRig.MIX;
import static dev.parley.media.conference.ConferenceRig.RED;
import static dev.parley.media.conference.ConferenceRig.ROOM;
import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.media.conference.ModelClient.Heard;
import dev.parley.media.conference.ModelClient.Older;
import dev.parley.media.conference.ModelClient.Place;
import dev.parley.media.conference.ParticipantDescription.Listening;
import dev.parley.media.conference.ParticipantDescription.Reception;
import dev.parley.media.mix.ToneDetector;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** RED (RFC 2198) in a conference: passed, stripped, added, and used for the mix. */
class RedTest {
  private static final Reception ONE_LINE_RED =
      new Reception(Listening.FORWARD, 1, 1, 0, true, false, true);
  private static final int TEN_PERCENT = 26;

  private final ConferenceRig rig = new ConferenceRig(2);

  @AfterEach
  void close() {
    rig.close();
  }

  @Test
  void talkersRedIsPassedToThoseWhoTakeItAndStrippedForTheOthers() {
    rig.join("alice", FORWARD).talk(400).redundancy = 2;
    ModelClient bob = rig.join(ROOM, "bob", FORWARD, false);
    ModelClient carol = rig.join(ROOM, "carol", FORWARD_RED, false);
    rig.run(1000);

    assertThat(rig.count(RED_RECEIVED)).isEqualTo(50);
    assertThat(rig.count(RED_PASSED_TARGETS)).isEqualTo(49);
    assertThat(bob.heard).hasSize(50).noneMatch(heard -> heard.content().isRed());
    assertThat(carol.heard).hasSize(50);
    assertThat(carol.heard.getFirst().content().isRed()).as("nothing was before").isFalse();
    assertThat(carol.heard.subList(1, 50)).allMatch(heard -> heard.content().isRed());
    assertThat(carol.older).hasSize(1 + 48 * 2);
    assertOlderIsWhatWasBefore(carol);
    assertThat(List.copyOf(carol.opusAt.values()))
        .containsExactlyInAnyOrderElementsOf(bob.opusAt.values());
    assertThat(bob.amplitudeOf(400, 500)).isGreaterThan(0.2);
    assertThat(carol.amplitudeOf(400, 500)).isGreaterThan(0.2);
  }

  @Test
  void redundancyIsAddedForThoseWhoTakeItWhileTheyLosePackets() {
    rig.join("alice", FORWARD).talk(400);
    ModelClient lossy = rig.join(ROOM, "lossy", FORWARD_RED, false);
    ModelClient plain = rig.join(ROOM, "plain", FORWARD, false);
    ModelClient whole = rig.join(ROOM, "whole", FORWARD_RED, false);
    rig.run(500);
    assertThat(rig.count(RED_ADDED_TARGETS)).isZero();

    report(lossy, TEN_PERCENT, 4);
    report(plain, TEN_PERCENT, 4);
    rig.run(1000);

    assertThat(rig.count(RED_ADDED_TARGETS)).isEqualTo(50);
    assertThat(lossy.older).hasSize(50);
    assertThat(lossy.heard.subList(25, 75)).allMatch(heard -> heard.content().isRed());
    assertOlderIsWhatWasBefore(lossy);
    assertThat(plain.older).isEmpty();
    assertThat(whole.older).isEmpty();
    assertThat(lossy.amplitudeOf(400, 500)).isGreaterThan(0.2);

    report(lossy, 0, 20);
    rig.run(200);
    assertThat(rig.count(RED_ADDED_TARGETS)).isEqualTo(50);
  }

  @Test
  void nothingIsPutBesideAfterALossOrALongPause() {
    ModelClient alice = rig.join("alice", FORWARD).talk(400);
    ModelClient lossy = lossyListener(FORWARD_RED);
    rig.run(500);
    lossy.toleratesGaps = true;
    alice.losesOneIn = 5;
    rig.run(1000);
    alice.losesOneIn = 0;
    alice.pause(20);
    lossy.older.clear();
    rig.run(20);

    assertThat(lossy.older).as("400 ms ago is more than 14 bits").isEmpty();
    rig.run(100);
    assertThat(lossy.older).hasSize(5);
    assertOlderIsWhatWasBefore(lossy);
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2})
  void lineThatChangesItsTalkerBeginsWithoutRedundancy(int redundancy) {
    ModelClient alice = rig.join("alice", FORWARD);
    ModelClient bob = rig.join("bob", FORWARD);
    ModelClient listener = lossyListener(ONE_LINE_RED);
    alice.redundancy = redundancy;
    bob.redundancy = redundancy;
    alice.talk(400);
    bob.talk(1000);
    bob.amplitude = 0;
    rig.run(2000);
    alice.amplitude = 0;
    bob.amplitude = 0.3;
    rig.run(3000);

    int changes = 0;
    long changedNs = listener.heard.getFirst().atNs();
    for (int i = 1; i < listener.heard.size(); i++) {
      Heard heard = listener.heard.get(i);
      boolean isChange = !heard.csrcs().equals(listener.heard.get(i - 1).csrcs());
      changes += isChange ? 1 : 0;
      changedNs = isChange ? heard.atNs() : changedNs;
      // What the talker said just before his turn comes all at once, and plain.
      assertThat(heard.content().isRed()).isEqualTo(heard.atNs() != changedNs);
    }
    assertThat(changes).isPositive();
    rig.assertEverythingComesAgain(listener, 60);
  }

  @Test
  void whatIsSentAgainHasTheFormItHad() {
    ModelClient alice = rig.join("alice", FORWARD).talk(400);
    ModelClient listener = lossyListener(FORWARD_RED);
    ModelClient plain = rig.join(ROOM, "plain", FORWARD, false);
    rig.run(400);
    report(listener, 0, 20);
    rig.run(200);
    alice.redundancy = 1;
    rig.run(200);
    alice.redundancy = 0;
    rig.run(100);
    report(listener, TEN_PERCENT, 4);
    rig.run(100);

    assertThat(listener.heard.subList(1, 50).stream().filter(heard -> heard.content().isRed()))
        .hasSize(19 + 10 + 5);
    rig.assertEverythingComesAgain(listener, 50);
    rig.assertEverythingComesAgain(plain, 50);
    assertThat(rig.count(ConferenceCounter.RETRANSMISSIONS_NOT_KEPT)).isZero();
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2})
  void packetsLostOnTheWayHereAreRecoveredForTheMix(int redundancy) {
    ModelClient alice = rig.join("alice", MIX).talk(400);
    ModelClient bob = rig.join(ROOM, "bob", MIX, false);
    alice.redundancy = redundancy;
    alice.losesOneIn = 10;
    rig.run(4000);
    bob.forgetHeard();
    int lostBefore = alice.lostCount;
    long recoveredBefore = rig.count(PACKETS_RECOVERED);
    rig.run(2000);

    assertThat(alice.lostCount - lostBefore).isEqualTo(10);
    assertThat(rig.count(PACKETS_RECOVERED) - recoveredBefore).isBetween(9L, 10L);
    float[] sound = bob.sound(0);
    for (int from = 0; from + 960 <= sound.length; from += 960) {
      assertThat(ToneDetector.amplitude(sound, from, from + 960, 400))
          .as("tone in the frame at %s ms", from / 48)
          .isBetween(0.25, 0.35);
    }
  }

  @Test
  void whatWasSaidWhileMutedIsNotRepeated() {
    ModelClient alice = rig.join("alice", FORWARD).talk(400);
    alice.redundancy = 2;
    ModelClient forwarded = rig.join(ROOM, "forwarded", FORWARD_RED, false);
    rig.join(ROOM, "mixed", MIX, false);
    rig.run(300);
    rig.proxy.mute("room", "alice", true);
    rig.run(300);
    forwarded.forgetHeard();
    long recoveredBefore = rig.count(PACKETS_RECOVERED);

    rig.proxy.mute("room", "alice", false);
    rig.run(200);

    assertThat(forwarded.heard).hasSize(10);
    assertThat(forwarded.heard.subList(0, 2)).noneMatch(heard -> heard.content().isRed());
    assertThat(forwarded.heard.subList(2, 10)).allMatch(heard -> heard.content().isRed());
    assertOlderIsWhatWasBefore(forwarded);
    assertThat(rig.count(PACKETS_RECOVERED)).isEqualTo(recoveredBefore);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "EF", // cut off
        "6F", // no primary block
        "6FFF", // a primary block that is no Opus
        "60F8", // of another payload type
        "EF0F00016FFFF8", // a redundant block that is no Opus
        "EF0F03FF6FF8F8", // a redundant block longer than the packet
      })
  void brokenRedIsCountedAndDropped(String payload) {
    ModelClient alice = rig.join("alice", FORWARD);
    ModelClient bob = rig.join("bob", FORWARD_RED);
    byte[] bytes = HexFormat.of().parseHex(payload);

    alice.send(bytes, bytes.length, -20, RED, rig.nowNs);
    rig.cycle();

    assertThat(rig.count(RED_MALFORMED)).isEqualTo(1);
    assertThat(rig.count(RED_RECEIVED)).isZero();
    assertThat(bob.heard).isEmpty();
  }

  @Test
  void redThatWasNotNegotiatedIsNotPermitted() {
    rig.proxy.addParticipant(
        ROOM, new ParticipantDescription("alice", 7, 7, 0, FORWARD, true, false, 111));
    rig.cycle();
    ModelClient alice = new ModelClient("alice", 7, 0, rig.inbound.get(0));
    rig.clients.put(7, alice);

    alice.send(new byte[] {111, (byte) 0xF8}, 2, -20, RED, rig.nowNs);
    rig.cycle();

    assertThat(rig.count(PACKETS_NOT_PERMITTED)).isEqualTo(1);
  }

  private ModelClient lossyListener(Reception reception) {
    ModelClient listener = rig.join(ROOM, "listener", reception, false);
    report(listener, TEN_PERCENT, 4);
    return listener;
  }

  private void report(ModelClient client, int fractionLost, int times) {
    for (int i = 0; i < times; i++) {
      client.report(fractionLost);
      rig.cycle();
    }
  }

  /** Each older packet is the very one that came, or should have come, under its own number. */
  private static void assertOlderIsWhatWasBefore(ModelClient listener) {
    assertThat(listener.older).isNotEmpty();
    for (Older older : listener.older) {
      assertThat(older.olderTicks() % ModelClient.FRAME).isZero();
      int distance = older.olderTicks() / ModelClient.FRAME;
      Place place = new Place(older.line(), older.sequenceNumber() - distance & 0xFFFF);
      assertThat(listener.opusAt).containsEntry(place, older.opus());
    }
  }
}
