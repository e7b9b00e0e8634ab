package dev.parley.session.conference;

import dev.parley.common.id.ParticipantId;
import java.time.Instant;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Something that has happened and that the tenant's own systems are to be told. It is stored in the
 * same write as what happened, and stays there until it has been handed on. Immutable.
 *
 * @param sequence counts the notices of one conference (in the outbox of a stay or an object: of
 *     that one) from 1, without a gap
 * @param data what there is to say beside the conference's id: text, numbers, booleans and lists of
 *     text by name
 * @param origin where it was born, if that was in a stay or an object
 */
public record Notice(
    long sequence, NoticeType type, Instant at, Map<String, Object> data, @Nullable Origin origin) {

  /** Under what a notice about a person has its identity, and its name. */
  public static final String IDENTITY = "identity";

  public static final String NAME = "name";

  public Notice {
    data = Collections.unmodifiableMap(new LinkedHashMap<>(data));
  }

  /** Returns it without who it is about, if it is about that identity. */
  Notice withoutPerson(String identity) {
    if (!identity.equals(data.get(IDENTITY))) {
      return this;
    }
    Map<String, Object> rest = new LinkedHashMap<>(data);
    rest.put(IDENTITY, Participant.Person.ERASED);
    rest.remove(NAME);
    return new Notice(sequence, type, at, rest, origin);
  }

  /**
   * A stay, or an object of the Library, and the notice's place in its outbox.
   *
   * @param stay null if it is an object
   * @param object null if it is a stay
   * @param sequence in their own count
   */
  public record Origin(@Nullable ParticipantId stay, @Nullable String object, long sequence) {
    static Origin of(ParticipantId stay) {
      return new Origin(stay, null, 0);
    }

    static Origin of(String object) {
      return new Origin(null, object, 0);
    }

    Origin at(long place) {
      return new Origin(stay, object, place);
    }
  }
}
