package dev.parley.systemtests.show.load;

import java.util.List;

/**
 * One load of {@link EngineDemonstration}.
 *
 * @param talkers who speak in each room
 * @param slots speakers that each listener gets forwarded; 0 for a mix
 * @param sendingMs time between the packets of those who do not talk; 0 for none
 * @param floorHeard talkers of the program that shows the floor; 0 if there is none like it
 * @param target of processor time: milliseconds for each participant and second of a mix,
 *     microseconds for each packet forwarded; not a number for none
 */
record EngineWork(
    String title,
    int participants,
    int rooms,
    int talkers,
    int slots,
    int sendingMs,
    int floorHeard,
    double target) {
  /** Speakers that are heard in a mix. */
  private static final int HEARD_MAX = 5;

  private static final int SENDING_MS = 20;

  /** For every forwarded packet, whatever the room. */
  private static final double FORWARD_US = 7;

  static final List<EngineWork> ALL =
      List.of(
          mixed("100 in a mixed room, 3 talk", 100, 3, 1.3),
          mixed("50 in a mixed room, all talk", 50, 50, 2.5),
          mixed("500 in a mixed room, 3 talk", 500, 3, 0.7),
          forwarded("1 talker forwarded to 100", 100, 1, 1),
          forwarded("1 talker forwarded to 200", 200, 1, 1),
          forwarded("1 talker forwarded to 500", 500, 1, 1),
          forwarded("1 talker forwarded to 1000", 1000, 1, 1),
          forwarded("loudest 3 of 10 forwarded to 500", 500, 10, 3),
          new EngineWork("100 rooms, 1 talker to 4 in each", 500, 100, 1, 1, 0, 0, Double.NaN));

  static final List<EngineWork> QUICK =
      List.of(
          mixed("100 in a mixed room, 3 talk", 100, 3, 1.3),
          forwarded("1 talker forwarded to 100", 100, 1, 1));

  private static EngineWork mixed(String title, int participants, int talkers, double targetMs) {
    int heard = Math.min(talkers, HEARD_MAX);
    return new EngineWork(title, participants, 1, talkers, 0, SENDING_MS, heard, targetMs);
  }

  private static EngineWork forwarded(String title, int listeners, int talkers, int slots) {
    int floorTalkers = talkers == 1 ? 1 : 0;
    return new EngineWork(
        title, listeners + talkers, 1, talkers, slots, 0, floorTalkers, FORWARD_US);
  }

  boolean isMix() {
    return slots == 0;
  }

  int listeners() {
    return participants - talkers * rooms;
  }
}
