package dev.parley.media.conference;

import static dev.parley.media.conference.ConferenceCounter.FRAMES_ENCODED;
import static dev.parley.media.conference.ConferenceCounter.FRAMES_ENCODED_WITH_FEC;
import static dev.parley.media.conference.ConferenceRig.MIX;
import static dev.parley.media.conference.ConferenceRig.ROOM;
import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.media.conference.ParticipantDescription.Listening;
import dev.parley.media.conference.ParticipantDescription.Reception;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A mix carries in-band FEC for those who lose packets, and for nobody else. */
class MixFecTest {
  private static final Reception WITHOUT_FEC = new Reception(Listening.MIX, 1, 1, 0, false, false);
  private static final int TEN_PERCENT = 26;

  private final ConferenceRig rig = new ConferenceRig(1);

  @AfterEach
  void close() {
    rig.close();
  }

  @Test
  void lossBringsFecAndItsEndTakesItAway() {
    rig.join("alice", MIX).talk(400);
    rig.join("dave", MIX).talk(1000);
    ModelClient bob = rig.join(ROOM, "bob", MIX, false);
    rig.join(ROOM, "carol", MIX, false);
    rig.run(1500);
    assertThat(rig.count(FRAMES_ENCODED_WITH_FEC)).isZero();

    report(bob, TEN_PERCENT, 4);
    rig.run(1100);
    // Bob and Carol share an encoder; Alice and Dave, who lose nothing, have their own.
    assertThat(shareWithFec()).isBetween(0.3, 0.37);

    report(bob, 0, 20);
    rig.run(1100);
    assertThat(shareWithFec()).isZero();
  }

  @Test
  void whoDidNotAskForFecGetsNone() {
    rig.join("alice", MIX).talk(400);
    ModelClient bob = rig.join(ROOM, "bob", WITHOUT_FEC, false);
    report(bob, TEN_PERCENT, 4);

    rig.run(2500);

    assertThat(rig.count(FRAMES_ENCODED_WITH_FEC)).isZero();
  }

  private void report(ModelClient client, int fractionLost, int times) {
    for (int i = 0; i < times; i++) {
      client.report(fractionLost);
      rig.cycle();
    }
  }

  /** Of the frames encoded in the next second. */
  private double shareWithFec() {
    long encoded = rig.count(FRAMES_ENCODED);
    long withFec = rig.count(FRAMES_ENCODED_WITH_FEC);
    rig.run(1000);
    return (double) (rig.count(FRAMES_ENCODED_WITH_FEC) - withFec)
        / (rig.count(FRAMES_ENCODED) - encoded);
  }
}
