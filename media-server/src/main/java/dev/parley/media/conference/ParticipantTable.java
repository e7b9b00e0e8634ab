package dev.parley.media.conference;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** A conference's participants by name and by number, the numbers kept small. One mix agent's. */
final class ParticipantTable {
  private static final int INITIAL_CAPACITY = 8;

  private final Map<String, Participant> byId = new HashMap<>();
  private @Nullable Participant[] byNumber = new Participant[INITIAL_CAPACITY];

  int size() {
    return byId.size();
  }

  @Nullable Participant find(String participantId) {
    return byId.get(participantId);
  }

  /** The participant with a number in use. */
  Participant get(int number) {
    Participant participant = byNumber[number];
    assert participant != null : number;
    return participant;
  }

  /** The lowest number not in use. */
  int freeNumber() {
    for (int number = 0; number < byNumber.length; number++) {
      if (byNumber[number] == null) {
        return number;
      }
    }
    return byNumber.length;
  }

  void add(Participant participant) {
    int number = participant.number();
    if (number >= byNumber.length) {
      byNumber = Arrays.copyOf(byNumber, 2 * byNumber.length);
    }
    assert byNumber[number] == null : number;
    byNumber[number] = participant;
    byId.put(participant.participantId(), participant);
  }

  void remove(Participant participant) {
    byNumber[participant.number()] = null;
    byId.remove(participant.participantId());
  }

  /** Shows each participant, in the order of their numbers; the action must leave all in place. */
  void forEachInPlace(Consumer<Participant> action) {
    for (int number = 0; number < byNumber.length; number++) {
      Participant participant = byNumber[number];
      if (participant != null) {
        action.accept(participant);
      }
    }
  }

  /** Shows each participant, in the order of their numbers; the action may remove them. */
  void forEach(Consumer<Participant> action) {
    for (Participant participant : byNumber.clone()) {
      if (participant != null) {
        action.accept(participant);
      }
    }
  }
}
